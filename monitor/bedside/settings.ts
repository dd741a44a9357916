/** What this browser remembers about how its person likes to look. Nothing of the patient. */
import type { FilterBand, Mains } from '../signal/display-filter.ts';
import { AS_THE_BOARD, type LeadChoice } from '../strip/lead-choice.ts';

export interface Settings {
  /** CSS pixels a millimetre on this screen; CSS assumes 96 pixels an inch. */
  pixelsPerMm: number;
  gainMmPerMv: number;
  speedMmPerS: number;
  band: FilterBand;
  mains: Mains;
  motion: 'sweep' | 'scroll';
  theme: 'auto' | 'light' | 'dark';
  sound: boolean;
  /** 0 to 1. */
  volume: number;
  showPulse: boolean;
  leads: LeadChoice;
}

export const GAINS_MM_PER_MV = [2.5, 5, 10, 20, 40] as const;
export const SPEEDS_MM_PER_S = [6.25, 12.5, 25, 50] as const;
export const CSS_PIXELS_PER_MM = 96 / 25.4;
/** A phone held as a monitor to a wall display: nothing real lies outside. */
export const PIXELS_PER_MM_RANGE = { min: 1.5, max: 12 } as const;

const DEFAULT_SETTINGS: Readonly<Settings> = {
  pixelsPerMm: CSS_PIXELS_PER_MM,
  gainMmPerMv: 10,
  speedMmPerS: 25,
  band: 'monitor',
  mains: 'none',
  motion: 'sweep',
  theme: 'auto',
  sound: false,
  volume: 0.5,
  showPulse: true,
  leads: AS_THE_BOARD,
};

const STORAGE_KEY = 'rhythmd';

export class SettingsStore {
  readonly #listeners = new Set<(settings: Readonly<Settings>) => void>();
  #settings: Settings = { ...DEFAULT_SETTINGS };

  get current(): Readonly<Settings> {
    return this.#settings;
  }

  /** What was kept; anything that does not fit is the default. */
  load(): void {
    try {
      const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Settings>;
      this.#settings = mend({ ...DEFAULT_SETTINGS, ...kept });
    } catch {
      this.#settings = { ...DEFAULT_SETTINGS };
    }
  }

  change(change: Partial<Settings>): void {
    this.#settings = mend({ ...this.#settings, ...change });
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(this.#settings));
    } catch {
      // Private windows may refuse; the setting holds until the page closes.
    }
    for (const listener of this.#listeners) listener(this.#settings);
  }

  /** Called at once and on every change. */
  watch(listener: (settings: Readonly<Settings>) => void): void {
    this.#listeners.add(listener);
    listener(this.#settings);
  }
}

function mend(settings: Settings): Settings {
  const oneOf = <T>(value: T, allowed: readonly T[], fallback: T): T =>
    allowed.includes(value) ? value : fallback;
  const { min, max } = PIXELS_PER_MM_RANGE;
  return {
    pixelsPerMm:
      Number.isFinite(settings.pixelsPerMm) && settings.pixelsPerMm >= min && settings.pixelsPerMm <= max
        ? settings.pixelsPerMm
        : CSS_PIXELS_PER_MM,
    gainMmPerMv: oneOf<number>(settings.gainMmPerMv, GAINS_MM_PER_MV, DEFAULT_SETTINGS.gainMmPerMv),
    speedMmPerS: oneOf<number>(settings.speedMmPerS, SPEEDS_MM_PER_S, DEFAULT_SETTINGS.speedMmPerS),
    band: oneOf<FilterBand>(settings.band, ['off', 'monitor'], DEFAULT_SETTINGS.band),
    mains: oneOf<Mains>(settings.mains, ['none', '50', '60'], DEFAULT_SETTINGS.mains),
    motion: oneOf(settings.motion, ['sweep', 'scroll'], DEFAULT_SETTINGS.motion),
    theme: oneOf(settings.theme, ['auto', 'light', 'dark'], DEFAULT_SETTINGS.theme),
    sound: settings.sound === true,
    volume: settings.volume >= 0 && settings.volume <= 1 ? settings.volume : DEFAULT_SETTINGS.volume,
    showPulse: settings.showPulse !== false,
    leads: mendLeads(settings.leads),
  };
}

/** Boards have 16 leads at most; whoever changes boards keeps what fits. */
const MAX_NAMES = 64;

function mendLeads(leads: Partial<LeadChoice> | null | undefined): LeadChoice {
  const names = (list: unknown): string[] =>
    Array.isArray(list) ? list.filter((name) => typeof name === 'string').slice(0, MAX_NAMES) : [];
  const gains = Object.entries(leads?.gainsMmPerMv ?? {}).filter(([, gain]) =>
    (GAINS_MM_PER_MV as readonly number[]).includes(gain),
  );
  return {
    order: names(leads?.order),
    hidden: names(leads?.hidden),
    gainsMmPerMv: Object.fromEntries(gains.slice(0, MAX_NAMES)),
  };
}
