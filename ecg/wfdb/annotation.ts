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

const SKIP = 59;
const NUM = 60;
const SUB = 61;
const CHN = 62;
const AUX = 63;

const VALUE_MASK = 0x3ff;
const CODE_SHIFT = 10;
/** The longest text: its length is one byte in WFDB's memory. */
const MAX_AUX_BYTES = 255;

/** @throws RhythmdError E_WFDB_ANNOTATIONS, naming the file and the byte. */
export function parseAnnotations(bytes: Uint8Array, name: string): Annotation[] {
  const annotations: Annotation[] = [];
  let sample = 0;
  let channel = 0;
  let num = 0;
  for (let at = 0; ; ) {
    if (at + 2 > bytes.length) throw damaged(name, at, 'the end mark is missing');
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
      if (at + 4 > bytes.length) throw damaged(name, at, 'it ends inside a distance');
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
      if (at + value > bytes.length) throw damaged(name, at, 'it ends inside a text');
      annotations[last] = { ...before, ...parseAux(bytes.subarray(at, at + value)) };
      at += value + (value & 1);
    } else {
      throw damaged(name, at - 2, `code ${code} has no meaning`);
    }
  }
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
  const out: number[] = [];
  const push = (code: number, value: number) => {
    const word = (code << CODE_SHIFT) | (value & VALUE_MASK);
    out.push(word & 0xff, word >> 8);
  };
  let sample = 0;
  let channel = 0;
  let num = 0;
  for (const annotation of annotations) {
    assertWritable(annotation);
    let distance = annotation.sample - sample;
    // A word of zero would end the file, so code 0 never stands at distance 0: it skips to one before.
    const nearest = annotation.code === AnnotationCode.notQrs ? 1 : 0;
    if (distance < nearest || distance > VALUE_MASK) {
      push(SKIP, 0);
      const skip = distance - nearest;
      out.push((skip >> 16) & 0xff, (skip >> 24) & 0xff, skip & 0xff, (skip >> 8) & 0xff);
      distance = nearest;
    }
    push(annotation.code, distance);
    if (annotation.subtype !== 0) push(SUB, annotation.subtype);
    if (annotation.channel !== channel) push(CHN, annotation.channel);
    if (annotation.num !== num) push(NUM, annotation.num);
    if (annotation.aux !== null) pushAux(annotation, out, push);
    ({ sample, channel, num } = annotation);
  }
  out.push(0, 0);
  return Uint8Array.from(out);
}

function pushAux(annotation: Annotation, out: number[], push: (code: number, value: number) => void): void {
  const text = (annotation.aux ?? '') + (annotation.auxTerminated ? '\0' : '');
  if (text.length > MAX_AUX_BYTES || /[^\0-\xff]/.test(text)) {
    throw unwritable(annotation, 'its text is over 255 bytes or not Latin-1');
  }
  push(AUX, text.length);
  for (let i = 0; i < text.length; i++) out.push(text.charCodeAt(i));
  if (text.length % 2 === 1) out.push(0);
}

function assertWritable(annotation: Annotation): void {
  const { code, sample, subtype, channel, num } = annotation;
  if (!Number.isInteger(code) || code < 0 || code > MAX_ANNOTATION_CODE) {
    throw unwritable(annotation, `${code} is no annotation code`);
  }
  if (!Number.isInteger(sample) || Math.abs(sample) >= 2 ** 31) {
    throw unwritable(annotation, 'its position is no 32-bit integer');
  }
  const inRange = (value: number, min: number, max: number) =>
    Number.isInteger(value) && value >= min && value <= max;
  if (!inRange(subtype, -512, 511) || !inRange(num, -512, 511) || !inRange(channel, 0, VALUE_MASK)) {
    throw unwritable(annotation, 'subtype, number or channel does not fit ten bits');
  }
}

/** The time resolution a file declares in its first annotation (WFDB's `## time resolution:`); null: the record's. */
export function annotationRateHz(annotations: readonly Annotation[]): number | null {
  const first = annotations[0];
  if (first === undefined || first.code !== AnnotationCode.note || first.sample !== 0) return null;
  const rateHz = Number(/^## time resolution:\s*([\d.]+)/.exec(first.aux ?? '')?.[1] ?? Number.NaN);
  return rateHz > 0 ? rateHz : null;
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

function unwritable(annotation: Annotation, what: string): RhythmdError {
  return new RhythmdError('E_WFDB_ANNOTATIONS', `annotation at sample ${annotation.sample}: ${what}`);
}
