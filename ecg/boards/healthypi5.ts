/**
 * ProtoCentral HealthyPi 5 (frames: `protocentral.ts`), USB CDC: sends only while the host asserts DTR. Source:
 * data_module.c of Protocentral/protocentral_healthypi5_zephyr 0.3 to 2.1.0, HPIOpenView.cpp of the Arduino library
 * Protocentral/protocentral_healthypi_5_firmware 2.1.0, and Protocentral/protocentral_openview2.
 *
 * Type 2, 22 bytes, up to Zephyr firmware 0.x, and of the Arduino firmware to this day: a sample a frame
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
 * Type 3, 50 bytes, from Zephyr firmware 1.0.0 on: eight samples a frame
 *   0        ECG               8 x i32
 *   32       respiration       4 x i32
 *   48       heart rate        u8
 *   49       respiration rate  u8
 *
 * Type 4, 19 bytes, between them: eight of the pulse wave (u16), SpO2, temperature; nothing of it is an ECG.
 *
 * Nothing says that a lead is off.
 */
import { readI32LE, writeLE } from './byte-order.ts';
import { protocentralBoard } from './protocentral.ts';

export const healthypi5 = protocentralBoard(
  {
    name: 'healthypi5',
    title: 'ProtoCentral HealthyPi 5',
    source: 'Protocentral/protocentral_healthypi5_zephyr 2.1.0',
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
    others: [
      {
        type: 3,
        length: 50,
        samples: 8,
        read(bytes, at, counts, sample) {
          counts[0] = readI32LE(bytes, at + 4 * sample);
          return 0;
        },
      },
      { type: 4, length: 19, samples: 0, read: () => 0 },
    ],
    read(bytes, at, counts) {
      counts[0] = readI32LE(bytes, at);
      return 0;
    },
    write(bytes, at, counts) {
      writeLE(bytes, at, counts[0]!, 4);
    },
  },
);
