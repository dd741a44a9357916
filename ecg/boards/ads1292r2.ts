/**
 * ProtoCentral ADS1292R breakout on an Arduino with library 2 (frame: `protocentral.ts`, length 8, type 2). Source:
 * 02.OpenView.ino and the ADS1292R_Algorithms of protocentral/protocentral-ads1292r-arduino 2.0.0.
 *
 *   payload  field
 *   0        ECG               i16  the 24-bit sample >> 4, without its mean, below 40 Hz; zero while a lead is off
 *   2        respiration       i16
 *   4        heart rate        i16
 *   6        respiration rate  i16
 *
 * A board of its own beside `ads1292r.ts`: the step is a sixteenth of it, and the ECG was filtered on the way.
 */
import { readI16LE, writeLE } from './byte-order.ts';
import { protocentralBoard } from './protocentral.ts';
import { ARDUINO_USB_IDS, CP2102_USB_ID } from './usb-ids.ts';

export const ads1292r2 = protocentralBoard(
  {
    name: 'ads1292r2',
    title: 'ProtoCentral ADS1292R breakout, library 2',
    source: 'protocentral/protocentral-ads1292r-arduino 2.0.0, 02.OpenView.ino',
    baud: 57600,
    rateHz: 125,
    leadNames: ['ECG'],
    // 2.42 V reference, gain 6, 24 bit, of which the lowest four are dropped (data sheet SBAS502, section 8.3).
    microvoltsPerCount: (2.42e6 / 6 / 2 ** 23) * 2 ** 4,
    usbIds: [...ARDUINO_USB_IDS, CP2102_USB_ID],
  },
  {
    length: 8,
    type: 2,
    minCount: -0x8000,
    maxCount: 0x7fff,
    // The simulator's flat line is one step off, or it would be a lead that is.
    zeroCount: 1,
    zerosMeanOffS: 0.2,
    read(bytes, at, counts) {
      counts[0] = readI16LE(bytes, at);
      return 0;
    },
    write(bytes, at, counts) {
      writeLE(bytes, at, counts[0]!, 2);
    },
  },
);
