/**
 * WFDB annotation codes as classes: those of EC57, but paced beats apart, and `other` for `?`, as a model of the paper's
 * classes has it written. Escape beats (e, j, n) count as normal: they are not premature.
 */

import { beatClassOf } from '@rhythmd/ecg/ec57/beat-classes.ts';
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import { AnnotationCode, codeOf, isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

const OF_THEIR_OWN: ReadonlyMap<number, BeatLabel> = new Map([
  [AnnotationCode.paced, '/'],
  [AnnotationCode.pacedFusion, 'f'],
  [codeOf('?')!, 'other'],
  [codeOf('n')!, 'N'],
]);

/** @returns null when the code marks no beat. */
export function labelOfCode(code: number): BeatLabel | null {
  if (!isBeatCode(code)) return null;
  const own = OF_THEIR_OWN.get(code);
  if (own !== undefined) return own;
  const name = beatClassOf(code, 'normal');
  return name === 'O' || name === 'X' ? 'other' : name;
}
