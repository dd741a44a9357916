/**
 * Data elements of DICOM, little-endian with explicit value representation (PS3.5, sections 7.1 and 7.5).
 *
 *   offset  field
 *   0       group    u16
 *   2       element  u16
 *   4       VR       two letters
 *   6       length   u16; for OB, OW and SQ two zeros and a u32
 *   8, 12   value, of even length
 *
 * A sequence holds items FFFE,E000, each with a u32 of length and elements of its own.
 */
const utf8 = new TextEncoder();

/** Value representations with a long length. */
const LONG: readonly string[] = ['OB', 'OW', 'SQ'];
const HEADER = 8;
const LONG_HEADER = 12;
const ITEM_TAG = 0xfffe_e000;
/** The largest defined length: all ones is none. */
export const MAX_LENGTH = 0xffff_fffe;

export type TextVr = 'CS' | 'DA' | 'DS' | 'DT' | 'IS' | 'LO' | 'PN' | 'SH' | 'ST' | 'TM' | 'UI';

/** Characters a value may have (PS3.5, table 6.2-1). */
const MAX_CHARACTERS: Readonly<Record<TextVr, number>> = {
  CS: 16,
  DA: 8,
  DS: 16,
  DT: 26,
  IS: 12,
  LO: 64,
  PN: 64,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
};

/** The header of an element whose value of `length` bytes follows. @param tag 0xGGGGEEEE */
export function elementHeader(tag: number, vr: string, length: number): Uint8Array {
  const isLong = LONG.includes(vr);
  const bytes = new Uint8Array(isLong ? LONG_HEADER : HEADER);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  bytes[4] = vr.charCodeAt(0);
  bytes[5] = vr.charCodeAt(1);
  if (isLong) view.setUint32(HEADER, length, true);
  else view.setUint16(6, length, true);
  return bytes;
}

/** What is too long is cut, and a backslash, which would be two values, becomes a slash. */
export function textElement(tag: number, vr: TextVr, text: string): Uint8Array {
  const kept = Array.from(text.replaceAll('\\', '/')).slice(0, MAX_CHARACTERS[vr]).join('');
  const value = utf8.encode(kept);
  const padded = new Uint8Array(value.length + (value.length % 2));
  padded.fill(vr === 'UI' ? 0 : 0x20);
  padded.set(value);
  return joined([elementHeader(tag, vr, padded.length), padded]);
}

/** A decimal string: the digits of the number, as many as sixteen characters hold. */
export function decimalElement(tag: number, value: number): Uint8Array {
  let text = String(value);
  for (let digits = 15; text.length > MAX_CHARACTERS.DS; digits--) {
    text = String(Number(value.toPrecision(digits)));
  }
  return textElement(tag, 'DS', text);
}

export function u16Element(tag: number, vr: 'US' | 'OW', ...values: number[]): Uint8Array {
  const value = Uint8Array.from(values.flatMap((word) => [word & 0xff, word >>> 8]));
  return joined([elementHeader(tag, vr, value.length), value]);
}

export function u32Element(tag: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return joined([elementHeader(tag, 'UL', bytes.length), bytes]);
}

export function bytesElement(tag: number, value: Uint8Array): Uint8Array {
  return joined([elementHeader(tag, 'OB', value.length), value]);
}

/** @param items the elements of each */
export function sequenceElement(tag: number, items: readonly (readonly Uint8Array[])[]): Uint8Array {
  const parts = items.map((elements) => {
    const content = joined(elements);
    return joined([itemHeader(content.length), content]);
  });
  const value = joined(parts);
  return joined([elementHeader(tag, 'SQ', value.length), value]);
}

/** The header of an item whose elements of `length` bytes follow. */
export function itemHeader(length: number): Uint8Array {
  const bytes = new Uint8Array(HEADER);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, ITEM_TAG >>> 16, true);
  view.setUint16(2, ITEM_TAG & 0xffff, true);
  view.setUint32(4, length, true);
  return bytes;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
