/* Our own frame: layout in ecg/boards/native-frame.ts. */
#ifndef FRAME_H
#define FRAME_H

#include <stdint.h>

#include "sampler.h"

#define SAMPLES_PER_FRAME 4

/* Adds a sample; sends the frame it completes. A frame whose samples are not all there is not sent. */
void frame_add(const struct sample *sample);
void frame_send_hello(uint32_t next_number, uint32_t time_us);

#endif
