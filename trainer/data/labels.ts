/** Annotation codes to the paper's six classes (paper.md, Labels), as indices of `PAPER_LABELS`. */
import { PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

type PaperLabel = (typeof PAPER_LABELS)[number];

const OTHER = PAPER_LABELS.indexOf('other');

const LABEL_OF_CODE: ReadonlyMap<number, PaperLabel> = new Map([
  [AnnotationCode.normal, 'N'],
  [AnnotationCode.ventricularPremature, 'V'],
  [AnnotationCode.fusion, 'F'],
  [AnnotationCode.paced, '/'],
  [AnnotationCode.pacedFusion, 'f'],
]);

/** @param code of a beat annotation */
export function labelOf(code: number): number {
  const label = LABEL_OF_CODE.get(code);
  return label === undefined ? OTHER : PAPER_LABELS.indexOf(label);
}
