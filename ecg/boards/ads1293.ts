/**
 * ProtoCentral ADS1293 breakout on an Arduino (frame: `protocentral.ts`, length 12, type 2): leads I, II and V1 of five
 * electrodes. Source: Protocentral/protocentral-ads1293-arduino 1.1, the OpenView example.
 *
 *   payload  field
 *   0        channel 1  i32  24 bits
 *   4        channel 2  i32
 *   8        channel 3  i32
 *
 * The chip samples at 100 Hz, the sketch looks for a sample after each delay(10): some are skipped. So the frames are
 * paced by arrival. Nothing says that a lead is off.
 */
import type { Board } from './board.ts';
import { readI32LE, writeLE } from './byte-order.ts';
import { PacedDecoder } from './paced-decoder.ts';
import { protocentralBoard } from './protocentral.ts';
import { ARDUINO_USB_IDS, CP2102_USB_ID } from './usb-ids.ts';

const CHANNELS = 3;
/** ADCmax with R2 = 4 and R3 = 64, the decimation of 100 Hz (data sheet SNAS602, "SINC filter"). */
const ADC_MAX = 0x800000;

const framed = protocentralBoard(
  {
    name: 'ads1293',
    title: 'ProtoCentral ADS1293 breakout',
    source: 'Protocentral/protocentral-ads1293-arduino, OpenView example',
    baud: 57600,
    rateHz: 100,
    leadNames: ['I', 'II', 'V1'],
    // Code = ADCmax * (3.5 * V / 2.4 V + 1/2) (data sheet, "ADC output").
    microvoltsPerCount: 2.4e6 / 3.5 / ADC_MAX,
    usbIds: [...ARDUINO_USB_IDS, CP2102_USB_ID],
  },
  {
    length: 12,
    type: 2,
    channels: CHANNELS,
    minCount: 0,
    maxCount: ADC_MAX - 1,
    zeroCount: ADC_MAX / 2,
    zerosMeanOffS: null,
    // A MAX30003 has frames alike, with small numbers in the second and third field.
    accepts(bytes, at) {
      for (let c = 0; c < CHANNELS; c++) if (bytes[at + 4 * c + 3] !== 0) return false;
      return (bytes[at + 6]! | bytes[at + 10]!) !== 0;
    },
    read(bytes, at, counts) {
      for (let c = 0; c < CHANNELS; c++) counts[c] = readI32LE(bytes, at + 4 * c);
      return 0;
    },
    write(bytes, at, counts) {
      for (let c = 0; c < CHANNELS; c++) writeLE(bytes, at + 4 * c, counts[c]!, 4);
    },
  },
);

export const ads1293: Board = {
  ...framed,
  createDecoder: (options) => new PacedDecoder(framed, options),
};
