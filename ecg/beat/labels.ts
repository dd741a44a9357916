/**
 * WFDB annotation codes as the labels of networks, three ways: the paper's six classes, EC57's five, and EC57's with paced
 * beats apart, as a page shows reference annotations.
 */
import { beatClassOf } from '../ec57/beat-classes.ts';
import { type BeatLabel, EC57_LABELS, PAPER_LABELS } from '../types.ts';
import { AnnotationCode, codeOf, isBeatCode } from '../wfdb/annotation-codes.ts';

type PaperLabel = (typeof PAPER_LABELS)[number];

/** paper.md, Labels; whatever is not named is `other`. */
const PAPER_LABEL_OF_CODE: ReadonlyMap<number, PaperLabel> = new Map([
  [AnnotationCode.normal, 'N'],
  [AnnotationCode.ventricularPremature, 'V'],
  [AnnotationCode.fusion, 'F'],
  [AnnotationCode.paced, '/'],
  [AnnotationCode.pacedFusion, 'f'],
]);

/** The class among the paper's six, as an index of `PAPER_LABELS`. @param code of a beat annotation */
export function paperLabelOf(code: number): number {
  return PAPER_LABELS.indexOf(PAPER_LABEL_OF_CODE.get(code) ?? 'other');
}

/** The class of EC57 with escape beats as normal ones, as an index of `EC57_LABELS`. @param code of a beat annotation */
export function ec57LabelOf(code: number): number {
  const name = beatClassOf(code, 'normal');
  return EC57_LABELS.indexOf(name === 'O' || name === 'X' ? 'Q' : name);
}

const SHOWN_APART: ReadonlyMap<number, BeatLabel> = new Map([
  [AnnotationCode.paced, '/'],
  [AnnotationCode.pacedFusion, 'f'],
  [codeOf('?')!, 'other'],
  [codeOf('n')!, 'N'],
]);

/**
 * As it is shown: EC57's classes, but paced beats apart, and `other` for `?`, as a model of the paper's classes has it
 * written. Escape beats (e, j, n) count as normal: they are not premature.
 * @returns null when the code marks no beat.
 */
export function shownLabelOf(code: number): BeatLabel | null {
  if (!isBeatCode(code)) return null;
  const own = SHOWN_APART.get(code);
  if (own !== undefined) return own;
  const name = beatClassOf(code, 'normal');
  return name === 'O' || name === 'X' ? 'other' : name;
}
