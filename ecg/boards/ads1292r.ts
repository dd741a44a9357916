/**
 * ProtoCentral ADS1292R breakout on an Arduino (frame: `protocentral.ts`, length 9, type 2). Source:
 * ADS1292R_OpenView.ino of protocentral/protocentral-ads1292r-arduino 1.x. An ASCII banner comes first. Library 2 sends
 * otherwise: `ads1292r2.ts`.
 *
 *   payload  field
 *   0        ECG               i16  the 24-bit sample >> 8; zero while a lead is off
 *   2        respiration       i16
 *   4        respiration rate  u16
 *   6        heart rate        u16
 *   8        zero              u8
 *
 * The board's heart rate is not used: firmware and ProtoCentral's own viewer disagree about where it is.
 */
import { readI16LE, writeLE } from './byte-order.ts';
import { protocentralBoard } from './protocentral.ts';
import { ARDUINO_USB_IDS } from './usb-ids.ts';

/** 2.42 V reference, gain 6, 24 bit, of which the upper 16 are sent (data sheet SBAS502, section 8.3). */
export const ADS1292R_MICROVOLTS = (2.42e6 / 6 / 2 ** 23) * 2 ** 8;

/** What electrodes add: about 1 mV, so that a flat signal is not a run of zeros. */
export const ELECTRODE_OFFSET_COUNTS = 80;

export const ads1292r = protocentralBoard(
  {
    name: 'ads1292r',
    title: 'ProtoCentral ADS1292R breakout',
    source: 'protocentral/protocentral-ads1292r-arduino, ADS1292R_OpenView.ino',
    baud: 57600,
    rateHz: 125,
    leadNames: ['ECG'],
    microvoltsPerCount: ADS1292R_MICROVOLTS,
    usbIds: ARDUINO_USB_IDS,
  },
  {
    length: 9,
    type: 2,
    minCount: -0x8000,
    maxCount: 0x7fff,
    zeroCount: ELECTRODE_OFFSET_COUNTS,
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
