/**
 * ISHNE Holter files. Source: Badilini, "The ISHNE Holter Standard Output File Format", Ann. Noninvasive Electrocardiol. 1998.
 *
 *   offset  field                            offset  field
 *   0       "ISHNE1.0"                       150     start time: hour, minute, second, 3 x i16
 *   8       CRC-CCITT of bytes 10 to the     156     number of leads, i16
 *           end of the variable block, u16   158     kind of each lead, 12 x i16
 *   10      bytes of the variable block, i32 182     quality of each lead, 12 x i16
 *   14      samples of each lead, i32        206     resolution of each lead in nV, 12 x i16
 *   18      offset of the variable block     230     pacemaker, i16
 *   22      offset of the samples, i32       232     kind of recorder, 40 characters
 *   26      version, i16                     272     samples per second, i16
 *   28      first name 40, last name 40, id 20, sex i16, race i16, birth date (never read here)
 *   138     date: day, month, year, 3 x i16  522     the variable block
 *
 * Then 16-bit samples, little-endian, the leads interleaved. Everything is little-endian.
 */
import { RhythmdError } from '../errors.ts';
import type { RecordHeader } from '../wfdb/header.ts';
import { formatStart, utcMilliseconds } from '../wfdb/record-time.ts';

export const ISHNE_HEADER_BYTES = 522;
const MAX_LEADS = 12;

/** By the number in the file. */
const LEAD_NAMES = [
  '',
  '',
  'X',
  'Y',
  'Z',
  'I',
  'II',
  'III',
  'aVR',
  'aVL',
  'aVF',
  'V1',
  'V2',
  'V3',
  'V4',
  'V5',
  'V6',
  'ES',
  'AS',
  'AI',
];

export interface IshneHeader {
  readonly samplesOffset: number;
  readonly header: RecordHeader;
}

/**
 * @param bytes the first 522 of the file
 * @param fileBytes its size
 * @throws RhythmdError E_ISHNE_HEADER
 */
export function parseIshneHeader(bytes: Uint8Array, fileBytes: number, name: string): IshneHeader {
  if (bytes.length < ISHNE_HEADER_BYTES) throw damaged(name, 'it ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) => view.getInt16(at, true);
  const leads = word(156);
  const rateHz = word(272);
  const samplesOffset = view.getInt32(22, true);
  if (leads < 1 || leads > MAX_LEADS) throw damaged(name, `it has ${leads} leads`);
  if (rateHz < 1) throw damaged(name, `${rateHz} is no sample rate`);
  if (samplesOffset < ISHNE_HEADER_BYTES || samplesOffset > fileBytes) {
    throw damaged(name, `its samples begin at byte ${samplesOffset} of ${fileBytes}`);
  }
  const held = Math.floor((fileBytes - samplesOffset) / (2 * leads));
  const told = view.getInt32(14, true);
  const startMs = utcMilliseconds(
    [word(142), word(140), word(138)],
    [Math.max(0, word(150)), Math.max(0, word(152)), Math.max(0, word(154))],
  );
  const start = startMs === null ? null : formatStart(startMs);
  return {
    samplesOffset,
    header: {
      name,
      rateHz,
      // Some writers count the samples of all leads together.
      sampleCount: told > 0 && told < held ? told : held,
      baseTime: start?.baseTime ?? null,
      baseDate: start?.baseDate ?? null,
      signals: Array.from({ length: leads }, (_, lead) =>
        leadHeader(word(158 + 2 * lead), word(206 + 2 * lead)),
      ),
      segments: null,
      comments: start === null ? [] : [start.comment],
      encoding: 'utf8',
    },
  };
}

function leadHeader(kind: number, nanovolts: number): RecordHeader['signals'][number] {
  return {
    fileName: '',
    format: 16,
    samplesPerFrame: 1,
    skew: 0,
    byteOffset: 0,
    gain: nanovolts > 0 ? 1e6 / nanovolts : 1,
    calibrated: nanovolts > 0,
    baseline: 0,
    baselineGiven: true,
    units: nanovolts > 0 ? 'mV' : 'adu',
    adcBits: 16,
    adcZero: 0,
    firstValue: null,
    checksum: null,
    blockSize: 0,
    description: LEAD_NAMES[kind] ?? '',
  };
}

/** CRC-CCITT (x^16 + x^12 + x^5 + 1, started with ones) of the bytes behind it, as bytes 8 and 9 should have it. */
export function ishneChecksum(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (let i = 10; i < bytes.length; i++) {
    crc ^= bytes[i]! << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

function damaged(name: string, what: string): RhythmdError {
  return new RhythmdError('E_ISHNE_HEADER', `${name}: ${what}`, 'The file is damaged; copy it again');
}
