/** Annotation codes to the paper's six classes (paper.md, Labels), as indices of `PAPER_LABELS`. */
import { beatClassOf } from '@rhythmd/ecg/ec57/beat-classes.ts';
import { EC57_LABELS, PAPER_LABELS } from '@rhythmd/ecg/types.ts';
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

/** The class of EC57 with escape beats as normal ones, as an index of `EC57_LABELS`. @param code of a beat annotation */
export function ec57LabelOf(code: number): number {
  const name = beatClassOf(code, 'normal');
  return EC57_LABELS.indexOf(name === 'O' || name === 'X' ? 'Q' : name);
}

/** @param code of a beat annotation */
export function labelOf(code: number): number {
  const label = LABEL_OF_CODE.get(code);
  return label === undefined ? OTHER : PAPER_LABELS.indexOf(label);
}
