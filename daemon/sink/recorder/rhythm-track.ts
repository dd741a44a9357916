/** Which rhythm stands, from the alerts that are rhythms: a mark whenever it changes. */

import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import { RHYTHM_OF_ALERT } from '../../analyze/rhythm-marks.ts';

const NOTHING_ELSE = '(N';

export class RhythmTrack {
  readonly #standing = new Map<string, string>();
  #rhythm = NOTHING_ELSE;

  /** WFDB's name of the rhythm that stands. */
  get rhythm(): string {
    return this.#rhythm;
  }

  /** @returns where the rhythm changed, in pipeline samples; null when it did not */
  push({ id, kind, phase, start_sample, sample, evidence }: AlertEvent): number | null {
    const aux = RHYTHM_OF_ALERT.find(([name]) => name === kind)?.[1];
    if (aux === undefined) return null;
    if (phase === 'end') this.#standing.delete(id);
    else this.#standing.set(id, aux);
    const names = [...this.#standing.values()];
    const strongest = RHYTHM_OF_ALERT.find(([, name]) => names.includes(name))?.[1] ?? NOTHING_ELSE;
    if (strongest === this.#rhythm) return null;
    this.#rhythm = strongest;
    if (phase !== 'end') return start_sample;
    const until = evidence.until_sample;
    return typeof until === 'number' ? until : sample;
  }
}
