/** Annotations to bytes, one after the other: what `formatAnnotations` writes at once, a recorder writes as it comes. */
import { RhythmdError } from '../errors.ts';
import type { Annotation } from './annotation.ts';
import { AnnotationCode, MAX_ANNOTATION_CODE } from './annotation-codes.ts';
import { AUX, CHN, CODE_SHIFT, NUM, SKIP, SUB, VALUE_MASK } from './annotation-words.ts';

/** The longest text: its length is one byte in WFDB's memory. */
export const MAX_AUX_BYTES = 255;

export class AnnotationEncoder {
  #sample = 0;
  #channel = 0;
  #num = 0;

  /**
   * Appends the annotation's bytes to `out`, an even number of them; the end mark is the caller's.
   * @throws RhythmdError E_WFDB_ANNOTATIONS for a code, distance or text the format cannot hold; `out` is unchanged
   */
  encode(annotation: Annotation, out: number[]): void {
    assertWritable(annotation);
    const { sample, code, subtype, channel, num } = annotation;
    let distance = sample - this.#sample;
    // A word of zero would end the file, so code 0 never stands at distance 0: it skips to one before.
    const nearest = code === AnnotationCode.notQrs ? 1 : 0;
    if (distance < nearest || distance > VALUE_MASK) {
      pushWord(out, SKIP, 0);
      const skip = distance - nearest;
      out.push((skip >> 16) & 0xff, (skip >> 24) & 0xff, skip & 0xff, (skip >> 8) & 0xff);
      distance = nearest;
    }
    pushWord(out, code, distance);
    if (subtype !== 0) pushWord(out, SUB, subtype);
    if (channel !== this.#channel) pushWord(out, CHN, channel);
    if (num !== this.#num) pushWord(out, NUM, num);
    const text = auxText(annotation);
    if (text !== null) {
      pushWord(out, AUX, text.length);
      for (let i = 0; i < text.length; i++) out.push(text.charCodeAt(i));
      if (text.length % 2 === 1) out.push(0);
    }
    this.#sample = sample;
    this.#channel = channel;
    this.#num = num;
  }
}

function pushWord(out: number[], code: number, value: number): void {
  const word = (code << CODE_SHIFT) | (value & VALUE_MASK);
  out.push(word & 0xff, word >> 8);
}

function auxText({ aux, auxTerminated }: Annotation): string | null {
  return aux === null ? null : aux + (auxTerminated ? '\0' : '');
}

function assertWritable(annotation: Annotation): void {
  const { code, sample, subtype, channel, num } = annotation;
  if (!inRange(code, 0, MAX_ANNOTATION_CODE)) throw unwritable(annotation, `${code} is no annotation code`);
  if (!inRange(sample, -(2 ** 31) + 1, 2 ** 31 - 1)) {
    throw unwritable(annotation, 'its position is no 32-bit integer');
  }
  if (!inRange(subtype, -512, 511) || !inRange(num, -512, 511) || !inRange(channel, 0, VALUE_MASK)) {
    throw unwritable(annotation, 'subtype, number or channel does not fit ten bits');
  }
  const text = auxText(annotation);
  if (text !== null && (text.length > MAX_AUX_BYTES || /[^\0-\xff]/.test(text))) {
    throw unwritable(annotation, 'its text is over 255 bytes or not Latin-1');
  }
}

function inRange(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function unwritable(annotation: Annotation, what: string): RhythmdError {
  return new RhythmdError('E_WFDB_ANNOTATIONS', `annotation at sample ${annotation.sample}: ${what}`);
}
