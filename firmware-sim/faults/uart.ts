/**
 * What a UART makes of bytes sent at another speed: it waits for a falling edge, samples each bit in its middle
 * by its own clock, and takes a byte when the stop bit is high.
 */

const BITS = 10;

/** @param bytes sent back to back, 8N1, on a line that is idle (high) before and after */
export function readAtOtherBaud(bytes: Uint8Array, sentBaud: number, readBaud: number): Uint8Array {
  if (sentBaud === readBaud) return bytes;
  const total = bytes.length * BITS;
  /** Level of the line at a time in sent bits. */
  const level = (time: number): number => {
    const bit = Math.floor(time);
    if (bit < 0 || bit >= total) return 1;
    const place = bit % BITS;
    if (place === 0) return 0;
    if (place === BITS - 1) return 1;
    return (bytes[Math.floor(bit / BITS)]! >> (place - 1)) & 1;
  };
  const step = sentBaud / readBaud;
  const out: number[] = [];
  // The line falls for the first time where the first byte begins.
  let time = 0;
  while (time < total) {
    let byte = 0;
    for (let k = 0; k < 8; k++) byte |= level(time + (k + 1.5) * step) << k;
    const stop = level(time + 9.5 * step);
    if (stop === 1) out.push(byte);
    // The receiver looks for the next edge from the middle of the stop bit on.
    time = nextEdge(level, time + 9.5 * step, total);
  }
  return Uint8Array.from(out);
}

/** The next time the line goes from high to low. */
function nextEdge(level: (time: number) => number, from: number, total: number): number {
  let before = level(from);
  for (let bit = Math.floor(from) + 1; bit <= total; bit++) {
    const now = level(bit);
    if (before === 1 && now === 0) return bit;
    before = now;
  }
  return total;
}
