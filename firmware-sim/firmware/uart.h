/* The serial line: a ring of bytes to send, one byte received. */
#ifndef UART_H
#define UART_H

#include <stdbool.h>
#include <stdint.h>

void uart_start(void);
/* All or nothing: false when there is no room for it now. */
bool uart_send(const uint8_t *bytes, uint8_t count);
/* The last byte received, 0 when there is none. */
uint8_t uart_receive(void);

#endif
