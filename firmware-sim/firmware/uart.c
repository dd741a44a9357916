#include "uart.h"

#include <avr/interrupt.h>
#include <avr/io.h>

#define RING 256 /* indices are bytes: they wrap by themselves */

/* 115200 at double speed: 16 MHz / 8 / 17 = 117,647, 2.1 % fast, as on every Uno; within what a UART takes. */
#define UBRR_115200 16

static uint8_t ring[RING];
static volatile uint8_t head; /* written by the main loop only */
static volatile uint8_t tail; /* written by the interrupt only */
static volatile uint8_t received;

void uart_start(void) {
  UBRR0 = UBRR_115200;
  UCSR0A = _BV(U2X0);
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

bool uart_send(const uint8_t *bytes, uint8_t count) {
  uint8_t room = (uint8_t)(tail - head - 1);
  if (count > room) return false;
  uint8_t at = head;
  while (count-- > 0) ring[at++] = *bytes++;
  head = at;
  UCSR0B |= _BV(UDRIE0);
  return true;
}

uint8_t uart_receive(void) {
  uint8_t byte = received;
  received = 0;
  return byte;
}

/* Enabled only while there is something to send: the last byte disables it. */
ISR(USART_UDRE_vect) {
  uint8_t at = tail;
  UDR0 = ring[at++];
  tail = at;
  if (at == head) UCSR0B &= ~_BV(UDRIE0);
}

ISR(USART_RX_vect) { received = UDR0; }
