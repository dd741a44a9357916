/**
 * The beat classes of ANSI/AAMI EC57 and how annotation codes fall into them, as WFDB's `bxb` has it.
 *
 *   N  N L R B        S  a J A S j e n      V  V r E      F  F      Q  / f Q ?
 *   O  no beat there ('!' outside a flutter bracket is one)         X  no beat there, in a shutdown
 */
import { codeOf } from '../wfdb/annotation-codes.ts';

/** Rows of the matrix (reference), upper case; its columns (test), lower case. */
export const BEAT_CLASSES = ['N', 'S', 'V', 'F', 'Q', 'O', 'X'] as const;
export type BeatClass = (typeof BEAT_CLASSES)[number];

/**
 * What escape beats e and j are: supraventricular ectopic (bxb, the default here) or normal (de Chazal 2004
 * and most papers on classification).
 */
export type EscapeConvention = 'ectopic' | 'normal';

function codes(mnemonics: string): number[] {
  return [...mnemonics].map((mnemonic) => codeOf(mnemonic)!);
}

const CLASS_OF_CODE: ReadonlyMap<number, BeatClass> = new Map([
  ...codes('NLRB').map((code) => [code, 'N'] as const),
  ...codes('aJASjen').map((code) => [code, 'S'] as const),
  ...codes('VrE').map((code) => [code, 'V'] as const),
  ...codes('F').map((code) => [code, 'F'] as const),
  ...codes('/fQ?').map((code) => [code, 'Q'] as const),
]);

const ESCAPE_CODES = codes('ej');

/** O for a code that is no beat. */
export function beatClassOf(code: number, escapeBeats: EscapeConvention = 'ectopic'): BeatClass {
  if (escapeBeats === 'normal' && ESCAPE_CODES.includes(code)) return 'N';
  return CLASS_OF_CODE.get(code) ?? 'O';
}
