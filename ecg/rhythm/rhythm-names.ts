/** What rhythms are called in words, on paper and on the page; another stays as it was written. */

/** By WFDB's names, without the bracket. */
const RHYTHM_NAMES: Readonly<Record<string, string>> = {
  AFIB: 'atrial fibrillation',
  AFL: 'atrial flutter',
  AB: 'supraventricular bigeminy',
  B: 'ventricular bigeminy',
  T: 'ventricular trigeminy',
  VT: 'ventricular tachycardia or run',
  VFL: 'ventricular flutter or fibrillation',
  VF: 'ventricular fibrillation',
  SVTA: 'supraventricular tachyarrhythmia',
  IVR: 'idioventricular rhythm',
  NOD: 'nodal rhythm',
  P: 'paced rhythm',
  PREX: 'pre-excitation',
  BII: 'second degree heart block',
  SBR: 'sinus bradycardia',
};

export function rhythmName(rhythm: string): string {
  return Object.hasOwn(RHYTHM_NAMES, rhythm) ? RHYTHM_NAMES[rhythm]! : rhythm;
}
