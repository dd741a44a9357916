/** A small record on disk with a time, two leads, a lost stretch and annotations; and pieces of it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { writeAnnotations, writeRecord } from '@rhythmd/records/write-record.ts';

export const PIECE_RATE_HZ = 100;

/** Six and a half seconds from 2026-11-22 15:00:01.250 UTC: a beat each second, samples 250..299 of lead V1 lost. */
export function writeSmallRecord(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'rhythmd-piece-')), 'small');
  const count = 6.5 * PIECE_RATE_HZ;
  const lead = (offset: number) =>
    Int16Array.from({ length: count }, (_, i) => offset + (i % PIECE_RATE_HZ === 50 ? 200 : i % 7));
  const lossy = lead(-100);
  lossy.fill(-32768, 250, 300);
  writeRecord(path, {
    rateHz: PIECE_RATE_HZ,
    format: 16,
    signals: [
      { name: 'II', adc: lead(0), gain: 200, baseline: 0 },
      { name: 'V1, "left"', adc: lossy, gain: 204.8, baseline: -100 },
    ],
    baseTime: '15:00:01.250',
    baseDate: '22/11/2026',
  });
  const mark = (sample: number, mnemonic: string, aux: string | null = null): Annotation => ({
    sample,
    code: codeOf(mnemonic)!,
    subtype: 0,
    channel: 0,
    num: 0,
    aux,
  });
  writeAnnotations(path, 'atr', [
    mark(0, '+', '(AFIB'),
    ...[50, 150, 250, 350, 450, 550].map((sample, i) => mark(sample, i === 3 ? 'V' : 'N')),
    mark(600, '"', '=felt "dizzy", ?'),
  ]);
  return path;
}
