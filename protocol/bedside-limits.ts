/** The alarm limits that a person may set while the daemon runs, by the names they have in the configuration and on the wire. */
import type { BedsideLimitName } from '@rhythmd/ecg/rhythm/settings.ts';

export const BEDSIDE_LIMIT_KEYS = {
  bradycardia_bpm: 'bradycardiaBpm',
  extreme_bradycardia_bpm: 'extremeBradycardiaBpm',
  tachycardia_bpm: 'tachycardiaBpm',
  extreme_tachycardia_bpm: 'extremeTachycardiaBpm',
  pause_seconds: 'pauseSeconds',
  asystole_seconds: 'asystoleSeconds',
  run_beats: 'runBeats',
  tachycardia_run_beats: 'tachycardiaRunBeats',
  ventricular_tachycardia_bpm: 'ventricularTachycardiaBpm',
  atrial_fibrillation_seconds: 'atrialFibrillationSeconds',
} as const satisfies Readonly<Record<string, BedsideLimitName>>;

export type BedsideLimitKey = keyof typeof BEDSIDE_LIMIT_KEYS;

export const BEDSIDE_LIMIT_KEY_NAMES = Object.keys(BEDSIDE_LIMIT_KEYS) as [
  BedsideLimitKey,
  ...BedsideLimitKey[],
];
