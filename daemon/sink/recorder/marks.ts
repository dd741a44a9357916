/** What happened besides beats, as annotations. Positions in the source's own samples. */
import { SHUTDOWN_BITS } from '@rhythmd/ecg/ec57/timeline.ts';
import type { LeadQuality } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { MAX_AUX_BYTES } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode, codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

/** WFDB has a noise bit for each of the first four signals. */
const NOISE_BITS = 4;

export function annotation(
  sample: number,
  code: number,
  { subtype = 0, aux = null }: { subtype?: number; aux?: string | null } = {},
): Annotation {
  return { sample, code, subtype, channel: 0, num: 0, aux: aux === null ? null : latin1(aux) };
}

/** WFDB has one code for beats that cannot be classified and for those that nobody has: the subtype tells them apart. */
export const NOT_CLASSIFIED = 1;

/** A beat with the published code. @param isClassified false: no model has named it */
export function beatMark(sample: number, mnemonic: string, isClassified: boolean): Annotation {
  const subtype = isClassified ? 0 : NOT_CLASSIFIED;
  return annotation(sample, codeOf(mnemonic) ?? AnnotationCode.unclassifiable, { subtype });
}

export function note(sample: number, text: string): Annotation {
  return annotation(sample, AnnotationCode.note, { aux: text });
}

/**
 * The state of all leads: shutdown bits while the analysed lead suppresses beats (EC57), a noise bit for every
 * lead that is not good, and their names.
 */
export function qualityMark(
  sample: number,
  leadNames: readonly string[],
  states: readonly LeadQuality[],
  analysedLead: number,
): Annotation {
  const bad = states.flatMap((state, lead) => (state === 'good' ? [] : [{ lead, state }]));
  let subtype = (states[analysedLead] ?? 'good') === 'good' ? 0 : SHUTDOWN_BITS;
  for (const { lead } of bad) if (lead < NOISE_BITS) subtype |= 1 << lead;
  const aux = bad.map(({ lead, state }) => `${leadNames[lead] ?? lead} ${state}`).join(', ');
  return annotation(sample, AnnotationCode.signalQuality, { subtype, aux: aux === '' ? 'good' : aux });
}

function latin1(text: string): string {
  return text.replace(/[^\x20-\xff]/g, '?').slice(0, MAX_AUX_BYTES - 1);
}
