/** WFDB annotation codes as the paper's six classes: four of their own, every other beat is `other`. */
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import { AnnotationCode, isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

const LABELS: ReadonlyMap<number, BeatLabel> = new Map([
  [AnnotationCode.normal, 'N'],
  [AnnotationCode.ventricularPremature, 'V'],
  [AnnotationCode.fusion, 'F'],
  [AnnotationCode.paced, '/'],
  [AnnotationCode.pacedFusion, 'f'],
]);

/** @returns null when the code marks no beat. */
export function labelOfCode(code: number): BeatLabel | null {
  return LABELS.get(code) ?? (isBeatCode(code) ? 'other' : null);
}
