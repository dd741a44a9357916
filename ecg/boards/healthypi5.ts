/**
 * ProtoCentral HealthyPi 5 (frame: `protocentral.ts`, length 22, type 2), USB CDC: sends only while the host
 * asserts DTR. Source: Protocentral/protocentral-healthypi5-firmware.
 *
 *   payload  field
 *   0        ECG               i32
 *   4        bioimpedance      i32
 *   8        skip              u8   the bioimpedance is not new
 *   9        red               i32
 *   13       infrared          i32
 *   17       temperature       i16  hundredths of a degree Celsius
 *   19       SpO2              u8
 *   20       heart rate        u8
 *   21       respiration rate  u8
 *
 * Nothing says that a lead is off.
 */
import { readI32LE, writeLE } from './byte-order.ts';
import { protocentralBoard } from './protocentral.ts';

export const healthypi5 = protocentralBoard(
  {
    name: 'healthypi5',
    title: 'ProtoCentral HealthyPi 5',
    source: 'Protocentral/protocentral-healthypi5-firmware',
    baud: null,
    rateHz: 128,
    leadNames: ['ECG'],
    // MAX30001: 1 V reference, 18 bits with sign, gain 20 (data sheet, "ECG channel").
    microvoltsPerCount: 1e6 / 20 / 2 ** 17,
    usbIds: ['2e8a:000a', '2fe3:0100'],
  },
  {
    length: 22,
    type: 2,
    minCount: -0x20000,
    maxCount: 0x1ffff,
    zeroCount: 0,
    zerosMeanOffS: null,
    read(bytes, at, counts) {
      counts[0] = readI32LE(bytes, at);
      return 0;
    },
    write(bytes, at, counts) {
      writeLE(bytes, at, counts[0]!, 4);
    },
  },
);
