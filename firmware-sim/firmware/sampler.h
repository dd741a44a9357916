/* Two ADC channels, sampled 360 times a second by timer 1, with the state of the lead-off pins. */
#ifndef SAMPLER_H
#define SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

#define CHANNELS 2
#define RATE_HZ 360

struct sample {
  uint32_t number; /* counts every sample due, taken or not */
  uint32_t time_us;
  int16_t value[CHANNELS]; /* around 0: the middle of the ADC's range is subtracted */
  uint8_t flags;
};

enum {
  FLAG_LEAD_OFF_PLUS = 1,
  FLAG_LEAD_OFF_MINUS = 2,
  FLAG_SATURATED = 8,
  FLAG_TEST_SIGNAL = 16,
};

void sampler_start(void);
/* False when there is none. */
bool sampler_take(struct sample *sample);
void sampler_test_pulse(bool on);

#endif
