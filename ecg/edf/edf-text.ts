/** WFDB annotations as texts of EDF+, and back: what one program here writes, another reads as it was. */

import type { Annotation } from '../wfdb/annotation.ts';
import { MAX_AUX_BYTES } from '../wfdb/annotation.ts';
import { AnnotationCode, codeOf, isBeatCode, mnemonicOf } from '../wfdb/annotation-codes.ts';

export function edfTextOf({ code, aux }: Pick<Annotation, 'code' | 'aux'>): string {
  return `${isBeatCode(code) ? 'beat ' : ''}${mnemonicOf(code)}${aux === null ? '' : ` ${aux}`}`;
}

/** Anything but our own words for beats, rhythm and quality is a note with that text. */
export function annotationOfText(text: string): Pick<Annotation, 'code' | 'aux'> {
  const isBeat = text.startsWith('beat ');
  const words = isBeat ? text.slice('beat '.length) : text;
  const space = words.indexOf(' ');
  const code = codeOf(space < 0 ? words : words.slice(0, space));
  const aux = space < 0 ? null : cut(words.slice(space + 1));
  if (code === null || isBeatCode(code) !== isBeat) return note(text);
  if (isBeat) return { code, aux };
  if (code === AnnotationCode.rhythm && aux?.startsWith('(')) return { code, aux };
  return OWN_MARKS.includes(code) && (aux !== null || code === AnnotationCode.signalQuality)
    ? { code, aux }
    : note(text);
}

/** Of other codes one letter could be anybody's word. */
const OWN_MARKS: readonly number[] = [AnnotationCode.signalQuality, AnnotationCode.note];

function note(text: string): Pick<Annotation, 'code' | 'aux'> {
  return { code: AnnotationCode.note, aux: cut(text) };
}

function cut(text: string): string {
  return text.slice(0, MAX_AUX_BYTES);
}
