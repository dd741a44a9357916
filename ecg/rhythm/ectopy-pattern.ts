/**
 * Bigeminy (every second beat ventricular, or supraventricular) and trigeminy (every third): `patternCycles` repetitions start the
 * alert; it ends when as many beats as two repetitions passed outside the pattern, so that one missed or one
 * extra beat does not end it.
 */
import { Episode } from './episode.ts';
import type { AlertIssuer } from './issuer.ts';
import { isSupraventricular, type RhythmBeat, type RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

export class EctopyPatternRule implements RhythmRule {
  readonly #episode: Episode;
  /** Beats from one ectopic beat to the next: 2 or 3. */
  readonly #period: number;
  readonly #cyclesToStart: number;
  readonly #name: string;
  readonly #counts: (beat: RhythmBeat) => boolean;
  readonly #ids: string[] = [];
  #cycles = 0;
  /** Beats since the last ectopic one; none yet is for ever ago. */
  #since = Number.POSITIVE_INFINITY;
  #outside = 0;
  #firstSample = 0;
  #total = 0;

  constructor(
    kind: 'bigeminy' | 'trigeminy' | 'atrial_bigeminy' | 'atrial_trigeminy',
    issuer: AlertIssuer,
    settings: RhythmSettings,
  ) {
    this.#episode = new Episode(kind, issuer);
    const isVentricular = kind === 'bigeminy' || kind === 'trigeminy';
    this.#name = isVentricular ? kind : `supraventricular ${kind.slice('atrial_'.length)}`;
    this.#period = kind.endsWith('bigeminy') ? 2 : 3;
    this.#counts = isVentricular ? ({ ventricular }) => ventricular : isSupraventricular;
    this.#cyclesToStart = settings.patternCycles;
  }

  beat(beat: RhythmBeat): void {
    this.#since += 1;
    if (!this.#counts(beat)) {
      if (this.#since >= this.#period) this.#broken(beat.sample);
      return;
    }
    const fits = this.#since === this.#period;
    this.#since = 0;
    if (!fits) {
      this.#broken(beat.sample);
      this.#begin(beat);
      return;
    }
    this.#cycles += 1;
    this.#total += 1;
    this.#outside = 0;
    this.#ids.push(beat.id);
    if (this.#ids.length > this.#cyclesToStart + 1) this.#ids.shift();
    if (this.#cycles !== this.#cyclesToStart || this.#episode.active) return;
    this.#episode.report({
      startSample: this.#firstSample,
      sample: beat.sample,
      text: `${this.#cycles} cycles of ${this.#name} in a row`,
      evidence: { cycles: this.#cycles, beat_ids: [...this.#ids] },
    });
  }

  interrupted(sample: number): void {
    this.#cycles = 0;
    this.#since = Number.POSITIVE_INFINITY;
    this.#end(sample, 'The signal became unreadable');
  }

  /** The first ectopic beat closes the first cycle: what comes before it is not. */
  #begin(beat: RhythmBeat): void {
    this.#cycles = 1;
    this.#ids.length = 0;
    this.#ids.push(beat.id);
    if (!this.#episode.active) {
      this.#firstSample = beat.sample;
      this.#total = 0;
    }
  }

  #broken(sample: number): void {
    this.#cycles = 0;
    this.#outside += 1;
    if (this.#outside > 2 * this.#period) this.#end(sample, `${this.#name} is over`);
  }

  #end(sample: number, text: string): void {
    this.#episode.end(sample, text, { cycles: this.#total });
  }
}
