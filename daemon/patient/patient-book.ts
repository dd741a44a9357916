/**
 * Who is connected: a label, and what a person taught of their beats. It holds for one patient: a new one, or another record
 * of a replay, ends it.
 */
import { createHash } from 'node:crypto';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { BeatLook } from '@rhythmd/ecg/teaching/beat-look.ts';
import { type Answer, countAnswers, Lesson } from '@rhythmd/ecg/teaching/lesson.ts';
import type { PatientFacts } from '@rhythmd/protocol/events.ts';
import type { Paced } from '../classify/paced-prior.ts';
import type { KeptLesson, KeptPatient, PatientFile } from './patient-file.ts';

/** Of a hash: enough to tell lessons apart. */
const ID_CHARACTERS = 6;

/** A beat that a person was asked about. */
export interface AskedBeat {
  readonly id: string;
  readonly sample: number;
  readonly t_ms: number;
  readonly look: BeatLook;
}

/** Where a lesson holds: the model that doubted, and the lead that its shapes are of. */
export interface Scene {
  readonly model: string;
  readonly lead: string;
}

export interface LessonInForce {
  readonly id: string;
  readonly lesson: Lesson;
}

export interface PatientBookOptions {
  readonly paced: Paced;
  readonly nowMs: () => number;
  /** Of a replay: what plays; null: a board. */
  readonly source: string | null;
  /** null: nothing outlives a restart. */
  readonly file: PatientFile | null;
  /** What was kept, if it is of the same patient. */
  readonly kept?: KeptPatient | null;
}

export class PatientBook {
  readonly #options: PatientBookOptions;
  #label: string | null = null;
  #sinceMs: number;
  #source: string | null;
  #kept: KeptLesson | null = null;
  #lesson: Lesson | null = null;
  #isKept = true;

  constructor(options: PatientBookOptions) {
    const { kept = null, source, nowMs } = options;
    this.#options = options;
    this.#source = source;
    this.#sinceMs = nowMs();
    if (kept === null || kept.source !== source) return;
    this.#label = kept.label;
    this.#sinceMs = kept.since_ms;
    this.#kept = kept.lesson;
    this.#lesson = kept.lesson === null ? null : lessonOf(kept.lesson);
  }

  get paced(): Paced {
    return this.#options.paced;
  }

  /** null: nothing was taught, or of another model or lead. */
  inForce({ model, lead }: Scene): LessonInForce | null {
    const kept = this.#kept;
    if (kept === null || this.#lesson === null || kept.model !== model || kept.lead !== lead) return null;
    return { id: kept.id, lesson: this.#lesson };
  }

  /** @param scene now; null: nothing is classified */
  facts(scene: Scene | null): PatientFacts {
    const kept = this.#kept;
    return {
      label: this.#label,
      since_ms: Math.round(this.#sinceMs),
      paced: this.#options.paced,
      taught:
        kept === null
          ? null
          : {
              id: kept.id,
              beats: kept.beats.length,
              answers: countAnswers(kept.beats),
              by: kept.by,
              t_ms: Math.round(kept.t_ms),
              model: kept.model,
              lead: kept.lead,
              in_force: scene !== null && this.inForce(scene) !== null,
              kept: this.#isKept,
            },
    };
  }

  /** Takes the place of an earlier lesson at once; resolves when it is on the disk, or could not be written. */
  async teach(
    beats: readonly (AskedBeat & { readonly answer: Answer })[],
    scene: Scene,
    by: string | null,
  ): Promise<void> {
    const kept = beats.map(({ id, sample, t_ms, answer, look }) => ({
      id,
      sample,
      t_ms,
      answer,
      odds_s: look.oddsS,
      odds_v: look.oddsV,
      before: look.before,
      after: look.after,
      shape: Array.from(look.shape),
    }));
    const t_ms = this.#options.nowMs();
    const id = createHash('sha256')
      .update(JSON.stringify([scene, kept]))
      .digest('hex')
      .slice(0, ID_CHARACTERS);
    this.#kept = { id, by, t_ms, ...scene, beats: kept };
    this.#lesson = lessonOf(this.#kept);
    await this.#keep();
  }

  /** @throws RhythmdError E_TEACH_NONE */
  async forget(): Promise<void> {
    if (this.#kept === null)
      throw new RhythmdError(
        'E_TEACH_NONE',
        'nothing was taught of this patient',
        'There is nothing to undo.',
      );
    this.#kept = null;
    this.#lesson = null;
    await this.#keep();
  }

  /** @param source of a replay: what plays now */
  async begin(label: string | null, source = this.#source): Promise<void> {
    this.#label = label;
    this.#source = source;
    this.#sinceMs = this.#options.nowMs();
    this.#kept = null;
    this.#lesson = null;
    await this.#keep();
  }

  /** Waits until what changed is on the disk, or could not be written. */
  async close(): Promise<void> {
    await this.#options.file?.close();
  }

  async #keep(): Promise<void> {
    const { file } = this.#options;
    if (file === null) return;
    const state = {
      v: 1,
      label: this.#label,
      since_ms: this.#sinceMs,
      source: this.#source,
      lesson: this.#kept,
    } as const;
    this.#isKept = true;
    const isKept = await file.keep(state);
    // A later change waits for its own answer.
    if (this.#kept === state.lesson) this.#isKept = isKept;
  }
}

function lessonOf({ beats }: KeptLesson): Lesson {
  return Lesson.from(
    beats.map(({ answer, odds_s, odds_v, before, after, shape }) => ({
      answer,
      look: { oddsS: odds_s, oddsV: odds_v, before, after, shape: Float32Array.from(shape) },
    })),
  );
}
