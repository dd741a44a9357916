#include "sampler.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

/* Timer 1 counts at 16 MHz / 64 = 250 kHz. 250,000 / 360 = 694.44 ticks a sample: 694 or 695, spread evenly, so
 * that the rate is exact and no sample is more than 4 us from its place. */
#define TICK_US 4
#define TICKS 694
#define TICKS_REST 4 /* of TICKS_PARTS */
#define TICKS_PARTS 9

#define MIDDLE 512
#define FULL 1023
#define GROUND 0x0f
#define CLIPPED_WAVE (RATE_HZ / 10)
#define RING 16 /* a power of two: 44 ms for the main loop to be late */

#define LEAD_OFF_PLUS PB2  /* D10 */
#define LEAD_OFF_MINUS PB3 /* D11 */
#define TEST_PULSE PB0     /* D8 */

static struct sample ring[RING];
static volatile uint8_t head; /* written by interrupts only */
static volatile uint8_t tail; /* written by the main loop only */

static struct sample current;
static uint32_t next_number;
static uint32_t next_time_us;
static uint8_t rest;
static uint8_t channel;
static uint8_t clipped[CHANNELS]; /* samples in a row at the limit */
static volatile bool testing;
static uint16_t pulse_phase;

static void convert(uint8_t which) {
  channel = which;
  ADMUX = _BV(REFS0) | which; /* AVCC as reference */
  ADCSRA |= _BV(ADSC);
}

void sampler_start(void) {
  DDRB |= _BV(TEST_PULSE);
  DIDR0 = _BV(ADC0D) | _BV(ADC1D);
  /* 125 kHz: within the 50 to 200 kHz of full resolution; 104 us a conversion. */
  ADCSRA = _BV(ADEN) | _BV(ADIE) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);
  /* The first conversion takes twice as long and is worth nothing: it is spent on ground, long before the
   * first sample is due. */
  convert(GROUND);
  /* The timer runs freely and the compare value runs ahead of it: nothing is lost by a late interrupt. */
  TCCR1A = 0;
  TCCR1B = _BV(CS11) | _BV(CS10);
  OCR1A = TCNT1 + TICKS;
  TIMSK1 = _BV(OCIE1A);
}

bool sampler_take(struct sample *sample) {
  uint8_t at = tail;
  if (at == head) return false;
  *sample = ring[at];
  tail = (at + 1) & (RING - 1);
  return true;
}

void sampler_test_pulse(bool on) {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    testing = on;
    pulse_phase = 0;
    if (!on) PORTB &= ~_BV(TEST_PULSE);
  }
}

/* The instant of a sample: the conversion starts first, everything else follows. */
ISR(TIMER1_COMPA_vect) {
  convert(0);
  uint16_t ticks = TICKS;
  rest += TICKS_REST;
  if (rest >= TICKS_PARTS) {
    rest -= TICKS_PARTS;
    ticks++;
  }
  OCR1A += ticks;
  current.number = next_number++;
  current.time_us = next_time_us;
  next_time_us += (uint32_t)ticks * TICK_US;
  uint8_t flags = 0;
  uint8_t pins = PINB;
  if (pins & _BV(LEAD_OFF_PLUS)) flags |= FLAG_LEAD_OFF_PLUS;
  if (pins & _BV(LEAD_OFF_MINUS)) flags |= FLAG_LEAD_OFF_MINUS;
  if (testing) {
    flags |= FLAG_TEST_SIGNAL;
    /* After the conversion began: the pulse is seen from the next sample on. */
    if (pulse_phase == 0) PORTB |= _BV(TEST_PULSE);
    if (pulse_phase == RATE_HZ / 2) PORTB &= ~_BV(TEST_PULSE);
    if (++pulse_phase == RATE_HZ) pulse_phase = 0;
  }
  current.flags = flags;
}

ISR(ADC_vect) {
  uint16_t raw = ADC;
  if (channel == GROUND) return;
  /* A clipped R wave is still a beat; longer than that nothing is seen any more. */
  if (raw != 0 && raw != FULL) clipped[channel] = 0;
  else if (clipped[channel] < CLIPPED_WAVE) clipped[channel]++;
  else current.flags |= FLAG_SATURATED;
  current.value[channel] = (int16_t)raw - MIDDLE;
  if (channel + 1 < CHANNELS) {
    convert(channel + 1);
    return;
  }
  uint8_t next = (head + 1) & (RING - 1);
  /* Full: this sample is lost; its number is missing in what follows, and so in the sequence. */
  if (next == tail) return;
  ring[head] = current;
  head = next;
}
