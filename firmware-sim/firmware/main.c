/* The reference board: samples in interrupts, frames in the main loop, sleep in between. */
#include <avr/interrupt.h>
#include <avr/power.h>
#include <avr/sleep.h>

#include "frame.h"
#include "sampler.h"
#include "uart.h"

#define HELLO_EVERY (2UL * RATE_HZ)

int main(void) {
  power_spi_disable();
  power_twi_disable();
  power_timer0_disable();
  power_timer2_disable();
  set_sleep_mode(SLEEP_MODE_IDLE);
  uart_start();
  sampler_start();
  sei();

  bool hello_wanted = true;
  struct sample sample;
  for (;;) {
    while (sampler_take(&sample)) {
      /* Between frames only: a frame under construction has the buffer. */
      bool at_frame = sample.number % SAMPLES_PER_FRAME == 0;
      if (at_frame && (hello_wanted || sample.number % HELLO_EVERY == 0)) {
        frame_send_hello(sample.number, sample.time_us);
        hello_wanted = false;
      }
      frame_add(&sample);
    }
    switch (uart_receive()) {
      case 'T':
        sampler_test_pulse(true);
        break;
      case 't':
        sampler_test_pulse(false);
        break;
      case 'H':
        hello_wanted = true;
        break;
    }
    sleep_mode();
  }
}
