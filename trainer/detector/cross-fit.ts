/**
 * Weights learned on one half of the patients, for the records of the other half: what the detector gives on patients
 * it has never seen. DS1 and DS2 of de Chazal, the paced records divided between them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeWeights } from '@rhythmd/ecg/signal/qrs/scorer.ts';
import { DS1_RECORDS } from '@rhythmd/records/mitdb.ts';

/** 201 and 202 are one patient and stay together (with 201 in DS1). */
const FIRST_HALF: readonly string[] = [...DS1_RECORDS, '102', '104', '202'];

const path = fileURLToPath(new URL('cross-fit.json', import.meta.url));

export type Half = 'first' | 'second';

export function halfOf(record: string): Half {
  return FIRST_HALF.includes(record) ? 'first' : 'second';
}

/** The weights that have not seen this record's half. */
export function crossFittedWeights(record: string): Float32Array {
  const { learnedOnFirst, learnedOnSecond } = JSON.parse(readFileSync(path, 'utf8')) as Record<
    string,
    string
  >;
  return decodeWeights((halfOf(record) === 'first' ? learnedOnSecond : learnedOnFirst)!);
}

export function writeCrossFitted(learnedOnFirst: Float32Array, learnedOnSecond: Float32Array): void {
  const text = { learnedOnFirst: encoded(learnedOnFirst), learnedOnSecond: encoded(learnedOnSecond) };
  writeFileSync(path, `${JSON.stringify(text, null, 2)}\n`);
}

/** Writes the weights the detector ships with as source. */
export function writeShipped(weights: Float32Array): void {
  const file = fileURLToPath(new URL('../../ecg/signal/qrs/weight-table.ts', import.meta.url));
  const lines = (encoded(weights).match(/.{1,96}/g) ?? []).map((line) => `  '${line}'`);
  writeFileSync(
    file,
    '/** Made by "npm run trainer -- detector" from all 48 records; 32-bit floats, little-endian, base64. */\n' +
      `export const LEAD_WEIGHTS =\n${lines.join(' +\n')};\n`,
  );
}

function encoded(weights: Float32Array): string {
  return Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength).toString('base64');
}
