/**
 * Time-stamped annotation lists (TAL) of EDF+. Source: Kemp and Olivan 2003, section 2.2.
 *
 *   +onset [15 duration] 14 text 14 [text 14 ...] 00, any number of them, padded with 00
 *   the first list of a data record begins with an empty text: when the record begins
 */
export interface EdfAnnotation {
  /** Seconds since the header's start. */
  readonly onsetS: number;
  /** null: none is given. */
  readonly durationS: number | null;
  /** UTF-8, one character a byte, as WFDB holds its texts. */
  readonly text: string;
}

export interface AnnotationLists {
  /** When the data record begins; null: this signal does not say. */
  readonly recordOnsetS: number | null;
  readonly annotations: readonly EdfAnnotation[];
}

const ONSET = /^[+-]\d{1,12}(?:\.\d{0,15})?$/;

/** Never throws: what is no list is passed over. */
export function parseAnnotationLists(bytes: Uint8Array): AnnotationLists {
  const annotations: EdfAnnotation[] = [];
  let recordOnsetS: number | null = null;
  let start = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0) continue;
    if (at > start) {
      const [stamp = '', ...texts] = latin1(bytes.subarray(start, at)).split('\x14');
      const [onset = '', duration] = stamp.split('\x15');
      const onsetS = ONSET.test(onset) ? Number(onset) : Number.NaN;
      if (!Number.isNaN(onsetS)) {
        // The last text ends in a 14, too: what is behind it is nothing.
        texts.pop();
        if (start === 0 && texts[0] === '') recordOnsetS = onsetS;
        const durationS =
          duration !== undefined && /^\d{1,12}(?:\.\d*)?$/.test(duration) ? Number(duration) : null;
        for (const text of texts) if (text !== '') annotations.push({ onsetS, durationS, text });
      }
    }
    start = at + 1;
  }
  return { recordOnsetS, annotations };
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
