/** Annotation codes to the paper's six classes (paper.md, Labels), as indices of `BEAT_LABELS`. */
import { BEAT_LABELS, type BeatLabel } from '@rhythmd/ecg/types.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

const OTHER = BEAT_LABELS.indexOf('other');

const LABEL_OF_CODE: ReadonlyMap<number, BeatLabel> = new Map([
  [AnnotationCode.normal, 'N'],
  [AnnotationCode.ventricularPremature, 'V'],
  [AnnotationCode.fusion, 'F'],
  [AnnotationCode.paced, '/'],
  [AnnotationCode.pacedFusion, 'f'],
]);

/** @param code of a beat annotation */
export function labelOf(code: number): number {
  const label = LABEL_OF_CODE.get(code);
  return label === undefined ? OTHER : BEAT_LABELS.indexOf(label);
}
