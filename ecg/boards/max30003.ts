/**
 * ProtoCentral MAX30003 breakout on an Arduino (frame: `protocentral.ts`, type 2). Source:
 * Protocentral/protocentral_max30003, the OpenView example, up to library 1.0.2.
 *
 *   payload  field
 *   0        ECG         i32  18 bits, their upper 16 in the upper half; the firmware puts the other two elsewhere
 *   4        RR          u32  milliseconds, below 65,536
 *   8        heart rate  u32  likewise
 *
 * Length 12. The example of the library 1.0 has the same fields after five bytes of zeros: once with length 12, which
 * cuts the heart rate off, once with length 17.
 *
 * The chip samples at 128 Hz, the sketch asks it after each delay(8) whether there is anything new or not: at
 * most 120 frames a second, samples repeated and skipped. So the frames are paced by arrival.
 */
import type { Board } from './board.ts';
import { readI16LE, writeLE } from './byte-order.ts';
import { PacedDecoder } from './paced-decoder.ts';
import { protocentralBoard } from './protocentral.ts';
import { ARDUINO_USB_IDS } from './usb-ids.ts';

const LATE = 5;

function isLate(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < LATE; i++) if (bytes[at + i] !== 0) return false;
  return true;
}

const framed = protocentralBoard(
  {
    name: 'max30003',
    title: 'ProtoCentral MAX30003 breakout',
    source: 'Protocentral/protocentral_max30003, OpenView example',
    baud: 57600,
    rateHz: 120,
    leadNames: ['ECG'],
    // 1 V reference, gain 20, 18 bits with sign, of which 16 are used (data sheet, "ECG channel").
    microvoltsPerCount: 1e6 / 20 / 2 ** 15,
    usbIds: ARDUINO_USB_IDS,
  },
  {
    length: 12,
    type: 2,
    minCount: -0x8000,
    maxCount: 0x7fff,
    zeroCount: 0,
    zerosMeanOffS: null,
    others: [
      {
        type: 2,
        length: 17,
        samples: 1,
        read(bytes, at, counts) {
          counts[0] = readI16LE(bytes, at + LATE + 2);
          return 0;
        },
      },
    ],
    // An ADS1293 has frames alike, with three values of 24 bits in them.
    accepts(bytes, at) {
      return isLate(bytes, at) || (bytes[at + 6]! | bytes[at + 7]! | bytes[at + 10]! | bytes[at + 11]!) === 0;
    },
    read(bytes, at, counts) {
      counts[0] = readI16LE(bytes, isLate(bytes, at) ? at + LATE + 2 : at + 2);
      return 0;
    },
    write(bytes, at, counts) {
      writeLE(bytes, at, counts[0]! << 16, 4);
    },
  },
);

export const max30003: Board = {
  ...framed,
  createDecoder: (options) => new PacedDecoder(framed, options),
};
