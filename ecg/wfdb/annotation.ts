/**
 * MIT annotation files (`.atr` and such). Source: annot(5) of the WFDB Applications Guide.
 *
 * Little-endian 16-bit words, `code << 10 | value`:
 *   code 0..49   an annotation, `value` samples after the one before
 *   59 SKIP      the next four bytes add to that distance: high word first, each little-endian
 *   60 NUM, 62 CHN   of the annotation before and all after it
 *   61 SUB       subtype of the annotation before, and of no other
 *   63 AUX       `value` bytes of text for the annotation before, padded to an even number
 *   word 0       the end; code 0 with a distance is a legal annotation
 */
import { RhythmdError } from '../errors.ts';
import { AnnotationCode, MAX_ANNOTATION_CODE } from './annotation-codes.ts';

const SKIP = 59;
const NUM = 60;
const SUB = 61;
const CHN = 62;
const AUX = 63;

const VALUE_MASK = 0x3ff;
const CODE_SHIFT = 10;

export interface Annotation {
  /** Position in samples of the record (or of the file's own time resolution, see `annotationRateHz`). */
  readonly sample: number;
  readonly code: number;
  readonly subtype: number;
  readonly channel: number;
  readonly num: number;
  /** Text, one character a byte; null when there is none. */
  readonly aux: string | null;
  /** The file ends the text with a zero byte, as most of MIT's own do; kept to be written back. */
  readonly auxTerminated?: true;
}

/**
 * A file that was cut off, or never got its end mark, is read as far as it goes.
 * @param warn is told when it does, in one sentence with the file's name and the byte
 * @throws RhythmdError E_WFDB_ANNOTATIONS for what is no annotation file, naming the file and the byte.
 */
export function parseAnnotations(
  bytes: Uint8Array,
  name: string,
  warn: (warning: string) => void = () => {},
): Annotation[] {
  const annotations: Annotation[] = [];
  let sample = 0;
  let channel = 0;
  let num = 0;
  for (let at = 0; ; ) {
    if (at + 2 > bytes.length) return cutOff(annotations, at, 'the end mark is missing', name, warn);
    const word = wordAt(bytes, at);
    at += 2;
    if (word === 0) return annotations;
    const code = word >> CODE_SHIFT;
    const value = word & VALUE_MASK;
    if (code <= MAX_ANNOTATION_CODE) {
      sample += value;
      annotations.push({ sample, code, subtype: 0, channel, num, aux: null });
      continue;
    }
    if (code === SKIP) {
      if (at + 4 > bytes.length) return cutOff(annotations, at, 'it ends inside a distance', name, warn);
      sample += (wordAt(bytes, at) << 16) | wordAt(bytes, at + 2);
      at += 4;
      continue;
    }
    const last = annotations.length - 1;
    const before = annotations[last];
    if (!before) throw damaged(name, at - 2, 'it starts in the middle of an annotation');
    if (code === NUM) {
      num = signed10(value);
      annotations[last] = { ...before, num };
    } else if (code === CHN) {
      channel = value;
      annotations[last] = { ...before, channel };
    } else if (code === SUB) {
      annotations[last] = { ...before, subtype: signed10(value) };
    } else if (code === AUX) {
      if (at + value > bytes.length) return cutOff(annotations, at, 'it ends inside a text', name, warn);
      annotations[last] = { ...before, ...parseAux(bytes.subarray(at, at + value)) };
      at += value + (value & 1);
    } else {
      throw damaged(name, at - 2, `code ${code} has no meaning`);
    }
  }
}

function cutOff(
  annotations: Annotation[],
  at: number,
  what: string,
  name: string,
  warn: (warning: string) => void,
): Annotation[] {
  warn(`${name}: byte ${at}: ${what}; ${annotations.length} annotations before it were read`);
  return annotations;
}

function parseAux(bytes: Uint8Array): Pick<Annotation, 'aux' | 'auxTerminated'> {
  const terminated = bytes.length > 0 && bytes[bytes.length - 1] === 0;
  let aux = '';
  for (const byte of terminated ? bytes.subarray(0, -1) : bytes) aux += String.fromCharCode(byte);
  return terminated ? { aux, auxTerminated: true } : { aux };
}

/**
 * The bytes WFDB's own writer gives for these annotations, end mark included.
 * @throws RhythmdError E_WFDB_ANNOTATIONS for a code, distance or text the format cannot hold.
 */
export function formatAnnotations(annotations: readonly Annotation[]): Uint8Array {
  const encoder = new AnnotationEncoder();
  const out: number[] = [];
  for (const annotation of annotations) encoder.encode(annotation, out);
  out.push(0, 0);
  return Uint8Array.from(out);
}

/** The time resolution a file declares in its first annotation (WFDB's `## time resolution:`); null: the record's. */
export function annotationRateHz(annotations: readonly Annotation[]): number | null {
  const first = annotations[0];
  if (first === undefined || first.code !== AnnotationCode.note || first.sample !== 0) return null;
  const rateHz = Number(/^## time resolution:\s*([\d.]+)/.exec(first.aux ?? '')?.[1] ?? Number.NaN);
  return rateHz > 0 ? rateHz : null;
}

/** The note that says which time base positions are in; the first annotation of a file that needs one. */
export function timeResolution(rateHz: number): Annotation {
  const aux = `## time resolution: ${rateHz}`;
  return { sample: 0, code: AnnotationCode.note, subtype: 0, channel: 0, num: 0, aux };
}

/** The annotations on a time base of `rateHz`, whatever the file says its own is; without the note that says so. */
export function annotationsAt(
  rateHz: number,
  annotations: readonly Annotation[],
  fileRateHz = rateHz,
): Annotation[] {
  const told = annotationRateHz(annotations);
  return rescaleAnnotations(told === null ? annotations : annotations.slice(1), told ?? fileRateHz, rateHz);
}

/** The same annotations on another time base; positions rounded to the nearest sample. */
export function rescaleAnnotations(
  annotations: readonly Annotation[],
  fromRateHz: number,
  toRateHz: number,
): Annotation[] {
  if (fromRateHz === toRateHz) return [...annotations];
  return annotations.map((annotation) => ({
    ...annotation,
    sample: Math.round((annotation.sample * toRateHz) / fromRateHz),
  }));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** WFDB keeps SUB and NUM as signed characters and writes -1 as 0x3ff. */
function signed10(value: number): number {
  return value >= 512 ? value - 1024 : value;
}

function damaged(name: string, at: number, what: string): RhythmdError {
  return new RhythmdError(
    'E_WFDB_ANNOTATIONS',
    `${name}: byte ${at}: ${what}`,
    'The annotation file is damaged',
  );
}

/** The longest text: its length is one byte in WFDB's memory. */
export const MAX_AUX_BYTES = 255;

/** Annotations to bytes, one after the other: what `formatAnnotations` writes at once, a recorder writes as it comes. */
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
