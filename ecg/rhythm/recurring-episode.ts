/**
 * An alert for things that happen in an instant and come in series (couplets, runs, pauses, R on T): the first
 * starts it, each further one updates it with a count, and it ends when none came for the hold time.
 */
import { Episode } from './episode.ts';
import type { AlertIssuer, Evidence, Finding } from './issuer.ts';
import type { AlertKind } from './kinds.ts';

export class RecurringEpisode {
  readonly #episode: Episode;
  readonly #holdSamples: number;
  #count = 0;
  #lastSample = 0;
  #lastEvidence: Evidence = {};

  constructor(kind: AlertKind, issuer: AlertIssuer, holdSamples: number) {
    this.#episode = new Episode(kind, issuer);
    this.#holdSamples = holdSamples;
  }

  get active(): boolean {
    return this.#episode.active;
  }

  get startSample(): number {
    return this.#episode.startSample;
  }

  /** One more of them. `event_sample` in the evidence says where this one is, `count` how many there were. */
  occurred(finding: Finding): void {
    this.#count += 1;
    this.#report(finding, 'occurrence');
  }

  /** The same one goes on, or ended and its evidence is complete. */
  amended(finding: Finding): void {
    if (this.#episode.active) this.#report(finding, 'amendment');
  }

  /** It goes on, which is nothing to tell: the hold time begins again. */
  touch(sample: number): void {
    this.#lastSample = Math.max(this.#lastSample, sample);
  }

  /** Sample time has reached `now`. */
  tick(now: number): void {
    if (!this.#episode.active || now - this.#lastSample < this.#holdSamples) return;
    this.#episode.end(now, `None since ${this.#count} of them`, { ...this.#lastEvidence, event: 'end' });
    this.#count = 0;
  }

  #report(finding: Finding, event: string): void {
    this.#lastSample = finding.sample;
    this.#lastEvidence = {
      ...finding.evidence,
      event,
      event_sample: Math.round(finding.startSample),
      count: this.#count,
    };
    this.#episode.report({ ...finding, evidence: this.#lastEvidence });
  }
}
