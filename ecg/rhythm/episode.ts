/** The life of one alert: start, updates, end, all under one id. A rule owns one and decides when. */
import type { AlertPriority } from '../types.ts';
import type { AlertIssuer, Evidence, Finding } from './issuer.ts';
import type { AlertKind } from './kinds.ts';

export class Episode {
  readonly kind: AlertKind;
  readonly #issuer: AlertIssuer;
  #id: string | null = null;
  #startSample = 0;
  #priority: AlertPriority | undefined;

  constructor(kind: AlertKind, issuer: AlertIssuer) {
    this.kind = kind;
    this.#issuer = issuer;
  }

  get active(): boolean {
    return this.#id !== null;
  }

  get startSample(): number {
    return this.#startSample;
  }

  /** Begins the alert, or updates the one that is active. */
  report(finding: Finding): void {
    if (this.#id === null) {
      this.#id = this.#issuer.nextId();
      this.#startSample = finding.startSample;
      this.#priority = finding.priority;
      this.#issuer.issue(this.#id, this.kind, 'start', finding);
      return;
    }
    if (finding.priority !== undefined) this.#priority = finding.priority;
    this.#issue('update', finding.sample, finding.text, finding.evidence);
  }

  /** Ends the alert; nothing when none is active. */
  end(sample: number, text: string, evidence: Evidence = {}): void {
    if (this.#id === null) return;
    this.#issue('end', sample, text, evidence);
    this.#id = null;
    this.#priority = undefined;
  }

  #issue(phase: 'update' | 'end', sample: number, text: string, evidence: Evidence): void {
    if (this.#id === null) return;
    this.#issuer.issue(this.#id, this.kind, phase, {
      startSample: this.#startSample,
      sample,
      text,
      evidence,
      ...(this.#priority === undefined ? {} : { priority: this.#priority }),
    });
  }
}
