/**
 * Upside Down Labs Chords firmware (BioAmp boards on an Arduino, NPG). Source: upsidedownlabs/
 * Chords-Arduino-Firmware of 2026, its README's table of boards and NPG-LITE-Serial.ino; chords_serial.py of
 * Chords-Python.
 *
 *   offset  field
 *   0       start     C7 7C
 *   2       counter   u8   wraps at 256
 *   3       channels  n x u16, big-endian
 *   2n+3    end       01
 *
 * Commands end in a newline: WHORU is answered with the board's name, START and STOP do that; any other byte
 * stops the stream. Opening the port resets an Uno, which then needs some two seconds to hear anything.
 */
import { writeBE } from './byte-order.ts';
import { Verdict } from './frame-scanner.ts';
import type { FrameLayout } from './framed-board.ts';

export interface ChordsModel {
  /** As it answers to WHORU, or the beginning of it. */
  readonly name: string;
  readonly channels: number;
  readonly rateHz: number;
  readonly bits: number;
  readonly volts: number;
}

/** Nominal gain of the BioAmp EXG Pill; it can be changed by a resistor, hence the calibration. */
const GAIN = 1000;

export const UNO_R3: ChordsModel = { name: 'UNO-R3', channels: 6, rateHz: 250, bits: 10, volts: 5 };

export const NPG_LITE: ChordsModel = { name: 'NPG-LITE', channels: 3, rateHz: 500, bits: 12, volts: 3.3 };
/** The same with a Vibz Plus playmate: it answers with the same name, only its frames are longer. */
export const NPG_LITE_PLUS: ChordsModel = { ...NPG_LITE, channels: 6 };

export const CHORDS_MODELS: readonly ChordsModel[] = [
  UNO_R3,
  { name: 'UNO-CLONE', channels: 6, rateHz: 250, bits: 10, volts: 5 },
  { name: 'GENUINO-UNO', channels: 6, rateHz: 250, bits: 10, volts: 5 },
  { name: 'UNO-R4', channels: 6, rateHz: 500, bits: 14, volts: 5 },
  { name: 'RPI-PICO', channels: 3, rateHz: 500, bits: 12, volts: 3.3 },
  { name: 'NANO', channels: 8, rateHz: 250, bits: 10, volts: 5 },
  { name: 'MEGA-2560', channels: 16, rateHz: 250, bits: 10, volts: 5 },
  { name: 'GIGA-R1', channels: 6, rateHz: 500, bits: 16, volts: 3.3 },
  { name: 'STM32F4-BLACK-PILL', channels: 8, rateHz: 500, bits: 12, volts: 3.3 },
  { name: 'STM32G4-CORE-BOARD', channels: 16, rateHz: 500, bits: 12, volts: 3.3 },
  { name: 'ESP32-S3', channels: 16, rateHz: 500, bits: 12, volts: 3.3 },
  NPG_LITE,
];

/**
 * Bytes from the first start in `bytes` to the next; 0 while they are not there yet. No value of 12 bits has a high byte
 * of C7 or 7C, so that a start of such a board is one.
 */
export function frameLength(bytes: ArrayLike<number>): number {
  let first = -1;
  for (let i = 0; i + 1 < bytes.length; i++) {
    if (bytes[i] !== 0xc7 || bytes[i + 1] !== 0x7c) continue;
    if (first >= 0) return i - first;
    first = i;
  }
  return 0;
}

export function chordsMicrovolts(model: ChordsModel): number {
  return (model.volts * 1e6) / 2 ** model.bits / GAIN;
}

/** @param largestCount what is still taken for a value, where the model is a guess */
export function chordsLayout(model: ChordsModel, largestCount = 2 ** model.bits - 1): FrameLayout {
  const length = 2 * model.channels + 4;
  return {
    confirm: 1,
    confirmInStep: 0,
    channels: model.channels,
    maxLength: length,
    sequenceRange: 256,
    zeroCount: 2 ** (model.bits - 1),
    minCount: 0,
    maxCount: 2 ** model.bits - 1,
    largestCount,
    zerosMeanOffS: null,
    inspect(bytes, at, available) {
      if (bytes[at] !== 0xc7 || (available > 1 && bytes[at + 1] !== 0x7c)) return Verdict.noStart;
      if (available < length) return Verdict.unfinished;
      return bytes[at + length - 1] === 0x01 ? length : Verdict.badFooter;
    },
    follows: (bytes, before, beforeAt, at) => bytes[at + 2] === ((before[beforeAt + 2]! + 1) & 0xff),
    sequence: (bytes, at) => bytes[at + 2]!,
    read(bytes, at, _length, counts) {
      for (let c = 0; c < model.channels; c++)
        counts[c] = (bytes[at + 3 + 2 * c]! << 8) | bytes[at + 4 + 2 * c]!;
      return 0;
    },
    write(bytes, at, counts, _flags, sequence) {
      bytes[at] = 0xc7;
      bytes[at + 1] = 0x7c;
      bytes[at + 2] = sequence;
      for (let c = 0; c < model.channels; c++) writeBE(bytes, at + 3 + 2 * c, counts[c]!, 2);
      bytes[at + length - 1] = 0x01;
      return length;
    },
  };
}
