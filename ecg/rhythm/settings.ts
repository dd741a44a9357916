/**
 * Every limit of the rhythm rules: default, range, unit, reason. The daemon's configuration schema, its
 * documentation and the checks below come from this one table.
 */
import { RhythmdError } from '../errors.ts';

export interface Limit {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  /** Only whole numbers make sense. */
  readonly whole?: true;
  /** What it decides and where the default comes from. */
  readonly why: string;
}

export const RHYTHM_LIMITS = {
  asystoleSeconds: {
    default: 4,
    min: 3,
    max: 10,
    unit: 's',
    why: 'no beat for this long on a readable lead; 4 s is what bedside monitors use (PhysioNet/CinC 2015 challenge definition)',
  },
  pauseSeconds: {
    default: 3,
    min: 1.5,
    max: 4,
    unit: 's',
    why: 'an RR interval of at least this; sinus pause > 3 s (2018 ACC/AHA/HRS bradycardia guideline)',
  },
  bradycardiaBpm: {
    default: 50,
    min: 20,
    max: 80,
    unit: '/min',
    why: 'heart rate below this; < 50/min (2018 ACC/AHA/HRS bradycardia guideline)',
  },
  extremeBradycardiaBpm: {
    default: 30,
    min: 15,
    max: 60,
    unit: '/min',
    why: 'below this bradycardia has high priority',
  },
  tachycardiaBpm: {
    default: 120,
    min: 90,
    max: 250,
    unit: '/min',
    why: 'heart rate above this; the definition is > 100/min, 120/min is the usual alarm default against alarm fatigue',
  },
  extremeTachycardiaBpm: {
    default: 180,
    min: 120,
    max: 300,
    unit: '/min',
    why: 'above this tachycardia has high priority',
  },
  rateIntervals: {
    default: 8,
    min: 4,
    max: 32,
    unit: 'intervals',
    whole: true,
    why: 'RR intervals averaged for the heart rate (IEC 60601-2-27 asks that the averaging be stated)',
  },
  rateHoldSeconds: {
    default: 5,
    min: 0,
    max: 60,
    unit: 's',
    why: 'how long the rate stays beyond its limit before the alert, and 5/min inside it before the end',
  },
  runBeats: {
    default: 3,
    min: 3,
    max: 10,
    unit: 'beats',
    whole: true,
    why: 'consecutive ventricular beats that make a run (ANSI/AAMI EC57; 2017 AHA/ACC/HRS ventricular arrhythmia guideline)',
  },
  tachycardiaRunBeats: {
    default: 5,
    min: 3,
    max: 30,
    unit: 'beats',
    whole: true,
    why: 'a run of at least this many beats at ventricularTachycardiaBpm is ventricular tachycardia (PhysioNet/CinC 2015: 5 or more)',
  },
  ventricularTachycardiaBpm: {
    default: 100,
    min: 80,
    max: 200,
    unit: '/min',
    why: 'rate inside the run (2017 AHA/ACC/HRS ventricular arrhythmia guideline; CinC 2015: > 100/min)',
  },
  runGapSeconds: {
    default: 1.8,
    min: 0.6,
    max: 3,
    unit: 's',
    why: 'ventricular beats further apart are not one run: idioventricular rhythm goes down to about 35/min',
  },
  patternCycles: {
    default: 3,
    min: 2,
    max: 10,
    unit: 'cycles',
    whole: true,
    why: 'repetitions of N-V or N-N-V that make bigeminy or trigeminy (three in a row, MIT-BIH practice)',
  },
  rOnTQtcMs: {
    default: 400,
    min: 250,
    max: 500,
    unit: 'ms',
    why: 'a ventricular beat closer than QTc * sqrt(RR / 1 s) to the beat before falls on its T wave (Lown 1971 grade 5, Bazett 1920)',
  },
  ectopyPerMinute: {
    default: 10,
    min: 1,
    max: 120,
    unit: '/min',
    why: 'ventricular beats in the last 60 s; 10/min is the usual monitor default (Lown grade 2 begins at 1/min)',
  },
  supraventricularTachycardiaBpm: {
    default: 100,
    min: 80,
    max: 200,
    unit: '/min',
    why: 'rate of runBeats or more supraventricular beats in a row that make a run (2015 ACC/AHA/HRS and 2019 ESC supraventricular tachycardia guidelines: > 100/min)',
  },
  supraventricularPerMinute: {
    default: 10,
    min: 1,
    max: 120,
    unit: '/min',
    why: 'supraventricular beats in the last 60 s; as for ventricular ones',
  },
  eventHoldSeconds: {
    default: 30,
    min: 5,
    max: 600,
    unit: 's',
    why: 'couplets, runs, pauses and R on T that return within this belong to one alert: one message with a count, not many',
  },
  atrialFibrillationSeconds: {
    default: 30,
    min: 10,
    max: 600,
    unit: 's',
    why: 'duration of irregularly irregular rhythm before the alert (2020/2024 ESC AF guideline: 30 s)',
  },
  fibrillationSeconds: {
    default: 4,
    min: 2,
    max: 8,
    unit: 's',
    why: 'duration of a fibrillatory waveform before the alert (CinC 2015: 4 s)',
  },
  fibrillationProbability: {
    default: 0.8,
    min: 0.3,
    max: 0.95,
    unit: '',
    why: 'what the rhythm network must give to fibrillation and ventricular tachycardia together, as a mean of 3 s (docs/alerts.md has the curve)',
  },
  tachycardiaProbability: {
    default: 0.6,
    min: 0.2,
    max: 0.95,
    unit: '',
    why: 'the same, as a mean of 2 s, where five beats of one shape come in a row at ventricularTachycardiaBpm',
  },
  asystoleProbability: {
    default: 0.6,
    min: 0.3,
    max: 0.95,
    unit: '',
    why: 'the same for asystole, when no beat contradicts it',
  },
  noiseProbability: {
    default: 0.03,
    min: 0.01,
    max: 0.95,
    unit: '',
    why: 'what the rhythm network must give to noise, as a mean of 4 s, for that to be told (beats are read all the same)',
  },
  leadOffSeconds: {
    default: 1,
    min: 0,
    max: 30,
    unit: 's',
    why: 'how long an electrode is off before the alert, and on again before its end',
  },
  poorSignalSeconds: {
    default: 1,
    min: 1,
    max: 120,
    unit: 's',
    why: 'how long the lead is unreadable before the alert, and readable before its end',
  },
  unreadableMediumSeconds: {
    default: 10,
    min: 2,
    max: 120,
    unit: 's',
    why: 'how long the lead is unreadable before that has medium priority (high at once when a high alarm stood as the signal went)',
  },
  settlingSeconds: {
    default: 15,
    min: 0,
    max: 120,
    unit: 's',
    why: 'how long settling after a start or a reconnection is not called poor signal',
  },
} as const satisfies Readonly<Record<string, Limit>>;

export type RhythmLimitName = keyof typeof RHYTHM_LIMITS;
export type RhythmSettings = { readonly [Name in RhythmLimitName]: number };

/** What a person may set at the bedside while it runs: rules read these whenever they need them. */
export const BEDSIDE_LIMITS = [
  'bradycardiaBpm',
  'extremeBradycardiaBpm',
  'tachycardiaBpm',
  'extremeTachycardiaBpm',
  'pauseSeconds',
  'asystoleSeconds',
  'runBeats',
  'tachycardiaRunBeats',
  'ventricularTachycardiaBpm',
  'atrialFibrillationSeconds',
] as const satisfies readonly RhythmLimitName[];

export type BedsideLimitName = (typeof BEDSIDE_LIMITS)[number];

/** The limits of one patient, of which a person may change some while the rules run. */
export class LiveSettings {
  readonly current: { -readonly [Name in RhythmLimitName]: number };

  constructor(settings: RhythmSettings) {
    this.current = { ...settings };
  }

  /** Takes the bedside limits of `settings`; the rest holds for a whole stream. */
  change(settings: RhythmSettings): void {
    for (const name of BEDSIDE_LIMITS) this.current[name] = settings[name];
  }
}

/** Pairs of which the first must be below the second, or a rule could never end or never begin. */
const ORDERED: readonly (readonly [RhythmLimitName, RhythmLimitName])[] = [
  ['pauseSeconds', 'asystoleSeconds'],
  ['extremeBradycardiaBpm', 'bradycardiaBpm'],
  ['bradycardiaBpm', 'tachycardiaBpm'],
  ['tachycardiaBpm', 'extremeTachycardiaBpm'],
];

/**
 * The defaults with what a configuration overrides.
 * @throws RhythmdError E_ALERT_LIMIT for a value outside its range, an unknown name or contradicting limits.
 */
export function rhythmSettings(overrides: Readonly<Record<string, number>> = {}): RhythmSettings {
  const settings = {} as Record<RhythmLimitName, number>;
  for (const name of Object.keys(RHYTHM_LIMITS) as RhythmLimitName[])
    settings[name] = RHYTHM_LIMITS[name].default;
  for (const [name, value] of Object.entries(overrides)) {
    const limit: Limit | undefined = RHYTHM_LIMITS[name as RhythmLimitName];
    if (limit === undefined) {
      throw new RhythmdError(
        'E_ALERT_LIMIT',
        `there is no alert limit '${name}'`,
        'docs/alerts.md lists them',
      );
    }
    if (!(value >= limit.min && value <= limit.max) || (limit.whole && !Number.isInteger(value))) {
      throw new RhythmdError(
        'E_ALERT_LIMIT',
        `alert limit ${name} is ${value}`,
        `Choose ${limit.min} to ${limit.max} ${limit.unit}`,
      );
    }
    settings[name as RhythmLimitName] = value;
  }
  for (const [lower, upper] of ORDERED) {
    if (settings[lower] >= settings[upper]) {
      throw new RhythmdError(
        'E_ALERT_LIMIT',
        `${lower} (${settings[lower]}) is not below ${upper} (${settings[upper]})`,
        'Lower the first or raise the second',
      );
    }
  }
  return settings;
}
