/**
 * A condition that must last before it counts, in both directions: on for `onSamples` before the alert, off for
 * `offSamples` before its end. Used for states of the equipment.
 */
import type { AlertPriority } from '../types.ts';
import { Episode } from './episode.ts';
import type { AlertIssuer, Evidence } from './issuer.ts';
import type { AlertKind } from './kinds.ts';

export class HeldCondition {
  readonly #episode: Episode;
  readonly #onSamples: number;
  readonly #offSamples: number;
  #on = false;
  #since = 0;
  #text = '';
  #evidence: Evidence = {};
  #priority: AlertPriority | undefined;

  constructor(kind: AlertKind, issuer: AlertIssuer, onSamples: number, offSamples: number) {
    this.#episode = new Episode(kind, issuer);
    this.#onSamples = onSamples;
    this.#offSamples = offSamples;
  }

  get active(): boolean {
    return this.#episode.active;
  }

  /** For how long the condition has held at `now`; 0 while it does not. */
  lasted(now: number): number {
    return this.#on ? now - this.#since : 0;
  }

  /** Gives the alert another priority than its kind's, from now on; undefined: the kind's. */
  setPriority(priority: AlertPriority | undefined, now: number): void {
    if (priority === this.#priority) return;
    this.#priority = priority;
    if (this.#on && this.#episode.active) this.#report(now);
  }

  /** The condition holds (or not) since `sample`; `text` and `evidence` say what it is. */
  set(on: boolean, sample: number, text: string, evidence: Evidence = {}): void {
    const changed = on !== this.#on;
    if (changed) {
      this.#on = on;
      this.#since = sample;
    }
    const said = this.#text;
    this.#text = text;
    this.#evidence = evidence;
    // The reason may change while the condition stays: electrode off, then only noisy.
    if (on && !changed && this.#episode.active && said !== text) this.#report(sample);
  }

  tick(now: number): void {
    const lasted = now - this.#since;
    if (this.#on && !this.#episode.active && lasted >= this.#onSamples) this.#report(now);
    if (!this.#on && this.#episode.active && lasted >= this.#offSamples) {
      this.#episode.end(now, this.#text, this.#evidence);
    }
  }

  #report(sample: number): void {
    this.#episode.report({
      startSample: this.#since,
      sample,
      text: this.#text,
      evidence: this.#evidence,
      ...(this.#priority === undefined ? {} : { priority: this.#priority }),
    });
  }
}
