#include "frame.h"

#include <avr/pgmspace.h>
#include <stdbool.h>
#include <string.h>
#include <util/crc16.h>

#include "uart.h"

#define VERSION 1
#define TYPE_SAMPLES 1
#define TYPE_HELLO 2

#define HEADER 11
#define CONTENT (HEADER + 3 * CHANNELS * SAMPLES_PER_FRAME)
#define LONGEST 64 /* a hello is 43 bytes; anything below 254 needs one byte of stuffing */

/* 5 V over 1024 counts, amplified 1100 times. */
static const float MICROVOLTS_PER_COUNT = 5e6 / 1024 / 1100;

/* Board, firmware version, names of the channels: length and text each. */
static const char STRINGS[] PROGMEM = "\x0a" "native-uno" "\x03" "1.0" "\x04" "ECG1" "\x04" "ECG2";

static uint8_t frame[LONGEST];
static uint8_t filled;

static void put16(uint8_t at, uint16_t value) { memcpy(frame + at, &value, sizeof value); }
static void put32(uint8_t at, uint32_t value) { memcpy(frame + at, &value, sizeof value); }

static void start(uint8_t type, uint32_t number, uint32_t time_us) {
  frame[0] = VERSION;
  frame[1] = type;
  put16(2, (uint16_t)(number / SAMPLES_PER_FRAME));
  put32(4, time_us);
}

/* CRC-16/CCITT-FALSE, byte by byte; util/crc16.h has the same polynomial, most significant bit first. */
static uint16_t crc(uint8_t length) {
  uint16_t value = 0xffff;
  for (uint8_t i = 0; i < length; i++) value = _crc_xmodem_update(value, frame[i]);
  return value;
}

/* Adds the CRC, stuffs (COBS), ends with a zero and sends. No room: the frame is lost, its number shows it. */
static void send(uint8_t length) {
  static uint8_t block[LONGEST + 2];
  put16(length, crc(length));
  length += 2;
  uint8_t code_at = 0;
  uint8_t out = 1;
  for (uint8_t i = 0; i < length; i++) {
    if (frame[i] == 0) {
      block[code_at] = out - code_at;
      code_at = out++;
    } else {
      block[out++] = frame[i];
    }
  }
  block[code_at] = out - code_at;
  block[out++] = 0;
  uart_send(block, out);
}

void frame_add(const struct sample *sample) {
  uint8_t place = sample->number % SAMPLES_PER_FRAME;
  static uint8_t flags;
  if (place == 0) {
    filled = 0;
    flags = 0;
    start(TYPE_SAMPLES, sample->number, sample->time_us);
  }
  /* Samples were lost in this frame: the rest of it is, too. */
  if (place != filled) return;
  uint8_t at = HEADER + 3 * CHANNELS * place;
  for (uint8_t c = 0; c < CHANNELS; c++) {
    int16_t value = sample->value[c];
    put16(at, (uint16_t)value);
    frame[at + 2] = value < 0 ? 0xff : 0x00;
    at += 3;
  }
  flags |= sample->flags;
  filled++;
  if (filled < SAMPLES_PER_FRAME) return;
  frame[8] = flags;
  frame[9] = CHANNELS;
  frame[10] = SAMPLES_PER_FRAME;
  send(CONTENT);
}

void frame_send_hello(uint32_t next_number, uint32_t time_us) {
  start(TYPE_HELLO, next_number, time_us);
  put32(8, (uint32_t)RATE_HZ * 1000);
  memcpy(frame + 12, &MICROVOLTS_PER_COUNT, 4);
  frame[16] = CHANNELS;
  memcpy_P(frame + 17, STRINGS, sizeof STRINGS - 1);
  send(17 + sizeof STRINGS - 1);
}
