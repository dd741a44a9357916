/**
 * The alarm limits in force: what is configured, and over it what a person set for this patient. It holds for one patient, over a
 * restart too: the next one, or another record of a replay, begins with what is configured. A limit that nobody set follows
 * the configuration file.
 */
import { type RhythmLimitName, type RhythmSettings, rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import {
  BEDSIDE_LIMIT_KEY_NAMES,
  BEDSIDE_LIMIT_KEYS,
  type BedsideLimitKey,
} from '@rhythmd/protocol/bedside-limits.ts';
import type { InfoEvent } from '@rhythmd/protocol/events.ts';
import * as v from 'valibot';
import { readState, type StateFile } from '../state-file.ts';

/** Where they are kept (daemon/config/paths.ts). */
export const LIMITS_FILE = '$STATE_DIRECTORY/alert-limits.json';

const text = v.pipe(v.string(), v.maxLength(200));
const finite = v.pipe(v.number(), v.finite());
const keptSchema = v.object({
  v: v.literal(1),
  /** Of a replay: what plays. Another record is another patient. */
  source: v.nullable(text),
  limits: v.record(
    v.picklist(BEDSIDE_LIMIT_KEY_NAMES),
    v.object({ value: finite, by: v.nullable(text), t_ms: finite }),
  ),
});

export type KeptLimits = v.InferOutput<typeof keptSchema>;
type SetLimits = KeptLimits['limits'];

/** @returns null: there are none; @throws what is wrong with the file, as an Error */
export const readLimits = (file: string): Promise<KeptLimits | null> => readState(file, keptSchema);

export interface LimitBookOptions {
  readonly configured: RhythmSettings;
  readonly nowMs: () => number;
  /** Of a replay: what plays; null: a board. */
  readonly source: string | null;
  /** null: nothing outlives a restart. */
  readonly file: StateFile<KeptLimits> | null;
  readonly kept?: KeptLimits | null;
}

/** Values to set, or null for as configured. */
export type LimitChanges = { readonly [Name in BedsideLimitKey]?: number | null | undefined };

export class LimitBook {
  readonly #options: LimitBookOptions;
  #source: string | null;
  #set: SetLimits = {};
  #settings: RhythmSettings;
  #isKept = true;

  /** @throws RhythmdError E_ALERT_LIMIT where what was kept no longer fits what is configured */
  constructor(options: LimitBookOptions) {
    const { configured, source, kept = null } = options;
    this.#options = options;
    this.#source = source;
    this.#settings = configured;
    if (kept === null || kept.source !== source) return;
    this.#settings = this.#with(kept.limits);
    this.#set = kept.limits;
  }

  /** In force now. */
  get settings(): RhythmSettings {
    return this.#settings;
  }

  /** Those that a person may set. */
  facts(): InfoEvent['alert_limits'] {
    return BEDSIDE_LIMIT_KEY_NAMES.map((name) => {
      const set = this.#set[name];
      return {
        name,
        value: this.#settings[BEDSIDE_LIMIT_KEYS[name]],
        default: this.#options.configured[BEDSIDE_LIMIT_KEYS[name]],
        changed: set === undefined ? null : { by: set.by, t_ms: Math.round(set.t_ms), kept: this.#isKept },
      };
    });
  }

  /**
   * Takes effect at once; resolves when it is on the disk, or could not be written.
   * @throws RhythmdError E_ALERT_LIMIT where the limits together make no sense: then none is changed
   */
  set(changes: LimitChanges, by: string | null): Promise<void> {
    const t_ms = this.#options.nowMs();
    const next: SetLimits = { ...this.#set };
    for (const name of BEDSIDE_LIMIT_KEY_NAMES) {
      const value = changes[name];
      if (value === null) delete next[name];
      else if (value !== undefined) next[name] = { value, by, t_ms };
    }
    this.#settings = this.#with(next);
    this.#set = next;
    return this.#keep();
  }

  /** Another patient. @param source of a replay: what plays now */
  async begin(source = this.#source): Promise<void> {
    const isAsConfigured = Object.keys(this.#set).length === 0;
    this.#source = source;
    this.#set = {};
    this.#settings = this.#options.configured;
    if (!isAsConfigured) await this.#keep();
  }

  /** Waits until what changed is on the disk, or could not be written. */
  async close(): Promise<void> {
    await this.#options.file?.close();
  }

  #with(set: SetLimits): RhythmSettings {
    const values: Record<RhythmLimitName, number> = { ...this.#options.configured };
    for (const name of BEDSIDE_LIMIT_KEY_NAMES) {
      const value = set[name]?.value;
      if (value !== undefined) values[BEDSIDE_LIMIT_KEYS[name]] = value;
    }
    return rhythmSettings(values);
  }

  async #keep(): Promise<void> {
    const { file } = this.#options;
    if (file === null) return;
    const set = this.#set;
    this.#isKept = true;
    const isKept = await file.keep({ v: 1, source: this.#source, limits: set });
    // A later change waits for its own answer.
    if (this.#set === set) this.#isKept = isKept;
  }
}
