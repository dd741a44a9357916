/**
 * What the name of a signal says. Recorders and converters spell the twelve leads in many ways (`aVR`, `AVR`, `avr`,
 * `ECG aVR`, `Lead I`, `MDC_ECG_LEAD_V1`), and many records hold other things beside the ECG.
 */

/** The twelve leads in their usual order. */
export const STANDARD_LEADS = [
  'I',
  'II',
  'III',
  'aVR',
  'aVL',
  'aVF',
  'V1',
  'V2',
  'V3',
  'V4',
  'V5',
  'V6',
] as const;
export type StandardLead = (typeof STANDARD_LEADS)[number];

/** What IEEE 11073-10101 calls them, in its partition 2. */
export const MDC_LEADS: Readonly<Record<StandardLead, number>> = {
  I: 1,
  II: 2,
  V1: 3,
  V2: 4,
  V3: 5,
  V4: 6,
  V5: 7,
  V6: 8,
  III: 61,
  aVR: 62,
  aVL: 63,
  aVF: 64,
};

const PREFIX = /^(?:MDC[ _])?(?:(?:ECG|EKG)[ _:.-]*)?(?:LEAD[ _:.-]*)?/i;
const SUFFIX = /[ _-]*(?:REF|RAW|ECG|EKG)$/i;

/** null: none of the twelve, such as the modified ones (MLII, MCL1) of ambulatory recorders. */
export function standardLead(name: string): StandardLead | null {
  const bare = name.trim().replace(PREFIX, '').replace(SUFFIX, '').toUpperCase();
  return STANDARD_LEADS.find((lead) => lead.toUpperCase() === bare) ?? null;
}

/** ECG by name: it says so, or it is a lead of the standard, the modified, the right-sided, the orthogonal or Holter kind. */
const ECG =
  /\b(?:ECG|EKG)|(?:ECG|EKG)\d*\b|electrocardio|^(?:lead[ _:.-]*)?(?:I{1,3}|aV[RLF]|-?aVR|V[1-9]R?|M?C?L(?:I{1,3}|[1-6]R?)|M?CL?[1-6]|MV\d?|ML\w{1,3}|CM\d|CS\d|CC\d|D[1-4]|mod\.? ?V\d|V\d-V\d|C[1-6]R?)$/i;
/** Other things that are measured in volts, or that were given a wrong unit. */
const OTHER =
  /EEG|EOG|EMG|RESP|IMPEDANCE|BIOZ|PLETH|PPG|SPO2|SAO2|\bABP|\bART\b|\bBP\b|\bPAP\b|\bCVP\b|\bICP\b|PRESS|TEMP|ACC|GYRO|MARKER|TRIG|EVENT|STATUS|SNOR|NASAL|FLOW|THOR|ABDO|CHEST$|SOUND|PCG|POSITION|BATT|LIGHT|^(?:Fp?z?\d?|[CPOTF]\d|[FCPO]z)-?(?:A[12]|M[12]|Cz|Pz|Oz|[CPOTF]\d)?$/i;

/** -1 something else, 0 unknown, 1 an ECG. */
export function ecgByName(name: string): -1 | 0 | 1 {
  if (ECG.test(name.trim())) return 1;
  return OTHER.test(name.trim()) ? -1 : 0;
}

/**
 * Which signals are ECG leads, by unit and name: those that a name calls one; where none does, every voltage that no name
 * calls something else.
 */
export function ecgSignals(
  signals: readonly { readonly name: string; readonly isVoltage: boolean }[],
): number[] {
  const ranks = signals.map(({ name, isVoltage }) => (isVoltage ? ecgByName(name) : -1));
  const best = Math.max(-1, ...ranks);
  return best < 0 ? [] : ranks.flatMap((rank, index) => (rank === best ? [index] : []));
}
