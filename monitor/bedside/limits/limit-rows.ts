/** What the page calls each alarm limit, in the order of a bedside monitor. */
import { type Limit, RHYTHM_LIMITS } from '@rhythmd/ecg/rhythm/settings.ts';
import { BEDSIDE_LIMIT_KEYS, type BedsideLimitKey } from '@rhythmd/protocol/bedside-limits.ts';

export const LIMIT_GROUPS: readonly {
  readonly title: string;
  readonly rows: readonly (readonly [BedsideLimitKey, string])[];
}[] = [
  {
    title: 'Heart rate',
    rows: [
      ['tachycardia_bpm', 'Tachycardia above'],
      ['extreme_tachycardia_bpm', 'of high priority above'],
      ['bradycardia_bpm', 'Bradycardia below'],
      ['extreme_bradycardia_bpm', 'of high priority below'],
    ],
  },
  {
    title: 'Pause',
    rows: [
      ['pause_seconds', 'Pause from'],
      ['asystole_seconds', 'Asystole after'],
    ],
  },
  {
    title: 'Runs',
    rows: [
      ['run_beats', 'Ventricular run from'],
      ['tachycardia_run_beats', 'Ventricular tachycardia from'],
      ['ventricular_tachycardia_bpm', 'at a rate of'],
    ],
  },
  { title: 'Atrial fibrillation', rows: [['atrial_fibrillation_seconds', 'Suspected after']] },
];

export function limitOf(name: BedsideLimitKey): Limit {
  return RHYTHM_LIMITS[BEDSIDE_LIMIT_KEYS[name]];
}
