/** The requests that concern the patient: `patient.new`, and what a person teaches. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { QUESTIONS } from '@rhythmd/ecg/teaching/doubtful-beats.ts';
import type { Answer } from '@rhythmd/ecg/teaching/lesson.ts';
import type { PatientFacts } from '@rhythmd/protocol/events.ts';
import type { Requester, RequestHandlers } from '../requests/gateway.ts';
import type { StreamSession } from '../stream-session.ts';
import type { AskedBeat, PatientBook, Scene } from './patient-book.ts';

/** Beats that were asked about and may still be answered: eight pages that ask for a dozen. */
const MOST_ASKED = 96;
/** Each patient is a new recording: a click that bounces, or a program gone wild, is not two. */
const NEXT_PATIENT_MS = 2000;

export interface PatientRequestParts {
  readonly book: PatientBook;
  readonly session: () => StreamSession | null;
  readonly facts: () => PatientFacts;
  /** Another patient: everything that is of the one before ends. */
  readonly begin: (label: string | null) => Promise<void>;
  /** Something about the patient changed. */
  readonly changed: () => void;
  readonly monotonicMs: () => number;
}

interface Asked extends AskedBeat {
  readonly scene: Scene;
}

/** The handlers throw E_NO_SIGNAL, E_TEACH_MODEL, E_TEACH_BEATS, E_TEACH_NONE, and E_REQUEST_BUSY for patients in a hurry. */
export class PatientRequests {
  readonly #parts: PatientRequestParts;
  /** In the order they were asked about. */
  readonly #asked = new Map<string, Asked>();
  #begunMs = Number.NEGATIVE_INFINITY;

  constructor(parts: PatientRequestParts) {
    this.#parts = parts;
  }

  get handlers(): Pick<RequestHandlers, 'patient.new' | 'teach' | 'teach.beats' | 'teach.forget'> {
    return {
      'patient.new': ({ label }) => this.#begin(label?.trim() ?? null),
      'teach.beats': ({ count }) => this.#ask(count ?? QUESTIONS),
      teach: ({ beats, by }, requester) => this.#teach(beats, by?.trim() ?? null, requester),
      'teach.forget': () => this.#forget(),
    };
  }

  /** Of a patient who is no longer there nothing is answered. */
  forgetAsked(): void {
    this.#asked.clear();
  }

  async #begin(label: string | null) {
    const nowMs = this.#parts.monotonicMs();
    if (nowMs - this.#begunMs < NEXT_PATIENT_MS)
      throw new RhythmdError('E_REQUEST_BUSY', 'another patient has just begun', 'Ask again in two seconds.');
    this.#begunMs = nowMs;
    await this.#parts.begin(label);
    return { patient: this.#parts.facts() };
  }

  #ask(count: number) {
    const session = this.#streaming();
    const scene = session.teachable();
    const beats = session.doubtfulBeats(count);
    if (beats.length === 0) {
      throw new RhythmdError(
        'E_TEACH_BEATS',
        'no beat was classified yet of which the signal is there',
        'Ask again when some were: five minutes are a good start.',
      );
    }
    for (const { question, t_ms } of beats) {
      const { id, sample, look } = question;
      // Asked about again, it is among the latest.
      this.#asked.delete(id);
      this.#asked.set(id, { id, sample, look, t_ms, scene });
      if (this.#asked.size > MOST_ASKED) this.#asked.delete(this.#asked.keys().next().value!);
    }
    return {
      beats: beats.map(({ question: { id, sample, label }, strip, t_ms }) => ({
        id,
        sample,
        t_ms,
        label,
        strip,
      })),
    };
  }

  async #teach(
    answered: readonly { readonly id: string; readonly answer: Answer }[],
    by: string | null,
    { user }: Requester,
  ) {
    const scene = this.#streaming().teachable();
    if (new Set(answered.map(({ id }) => id)).size < answered.length)
      throw new RhythmdError('E_TEACH_BEATS', 'a beat is named twice', 'Name each beat once.');
    const beats = answered.map(({ id, answer }) => {
      const asked = this.#asked.get(id);
      if (asked !== undefined && asked.scene.model === scene.model && asked.scene.lead === scene.lead)
        return { ...asked, answer };
      throw new RhythmdError(
        'E_TEACH_BEATS',
        `nobody was asked about beat ${JSON.stringify(id.slice(0, 20))} of this patient in lead ${scene.lead}, or too long ago`,
        'Ask with teach.beats, and answer what it gives.',
      );
    });
    await this.#parts.book.teach(beats, scene, by ?? user);
    this.#parts.changed();
    return { patient: this.#parts.facts() };
  }

  #streaming(): StreamSession {
    const session = this.#parts.session();
    if (session !== null) return session;
    throw new RhythmdError('E_NO_SIGNAL', 'no sample has arrived yet', 'See the source in health.');
  }

  async #forget() {
    await this.#parts.book.forget();
    this.#parts.changed();
    return { patient: this.#parts.facts() };
  }
}
