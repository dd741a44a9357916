/**
 * ProtoCentral HealthyPi v3 (frame: `protocentral.ts`, length 20, type 2). Source:
 * Protocentral/protocentral_healthypi_v3 firmware.
 *
 *   payload  field
 *   0        ECG              i16  zero while a lead is off
 *   2        respiration      i16
 *   4        infrared         i32
 *   8        red              i32
 *   12       temperature      i16  hundredths of a degree Celsius
 *   14       respiration rate u8
 *   15       SpO2             u8
 *   16       heart rate       u8
 *   17       constant         u8
 *   18       heart rate (BP)  u8
 *   19       status           u8   bit 0: a lead is off
 */
import { LEAD_OFF_FLAGS, SampleFlag } from '../types.ts';
import { ADS1292R_MICROVOLTS, ELECTRODE_OFFSET_COUNTS } from './ads1292r.ts';
import { readI16LE, writeLE } from './byte-order.ts';
import { type ProtocentralPayload, protocentralBoard } from './protocentral.ts';

const STATUS = 19;

/** @param leadOffBits of the status byte */
export function healthypiPayload(leadOffBits: number): ProtocentralPayload {
  return {
    length: 20,
    type: 2,
    minCount: -0x8000,
    maxCount: 0x7fff,
    zeroCount: ELECTRODE_OFFSET_COUNTS,
    zerosMeanOffS: 0.2,
    read(bytes, at, counts) {
      counts[0] = readI16LE(bytes, at);
      return (bytes[at + STATUS]! & leadOffBits) === 0 ? 0 : SampleFlag.leadOffPlus;
    },
    write(bytes, at, counts, flags) {
      writeLE(bytes, at, counts[0]!, 2);
      bytes[at + STATUS] = (flags & LEAD_OFF_FLAGS) === 0 ? 0 : 1;
    },
  };
}

export const healthypi3 = protocentralBoard(
  {
    name: 'healthypi3',
    title: 'ProtoCentral HealthyPi v3',
    source: 'Protocentral/protocentral_healthypi_v3',
    baud: 115200,
    rateHz: 125,
    leadNames: ['ECG'],
    microvoltsPerCount: ADS1292R_MICROVOLTS,
    usbIds: ['2341:804d', '2341:004d'],
  },
  healthypiPayload(0x01),
);
