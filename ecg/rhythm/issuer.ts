/** Writes alerts: gives ids, the priority of the kind and the strip range that shows the event. */
import type { Alert, AlertPhase, AlertPriority } from '../types.ts';
import { ALERT_KINDS, type AlertKind } from './kinds.ts';

/** The strip that goes with an alert: ten seconds, two thirds of them before the message. */
const STRIP_SECONDS = 10;
const STRIP_SECONDS_BEFORE = 7;

export type Evidence = Alert['evidence'];

/** What a rule knows when it has something to say. */
export interface Finding {
  readonly startSample: number;
  readonly sample: number;
  readonly text: string;
  readonly evidence: Evidence;
  /** Where it differs from the kind's own. */
  readonly priority?: AlertPriority;
}

export class AlertIssuer {
  readonly #idPrefix: string;
  readonly #rateHz: number;
  readonly #onAlert: (alert: Alert) => void;
  readonly #active = new Map<string, { readonly kind: AlertKind; latest: Finding }>();
  #issued = 0;

  constructor(idPrefix: string, rateHz: number, onAlert: (alert: Alert) => void) {
    this.#idPrefix = idPrefix;
    this.#rateHz = rateHz;
    this.#onAlert = onAlert;
  }

  /** An id of its own for a new alert. */
  nextId(): string {
    this.#issued += 1;
    return `${this.#idPrefix}a${String(this.#issued).padStart(5, '0')}`;
  }

  /** Whether an alert of high priority stands, of the patient (an unreadable lead is the equipment's). */
  get standsHigh(): boolean {
    for (const { kind, latest } of this.#active.values()) {
      if (ALERT_KINDS[kind].condition === 'technical') continue;
      if ((latest.priority ?? ALERT_KINDS[kind].priority) === 'high') return true;
    }
    return false;
  }

  /** Ends every alert that is active. Rules that own them are not told: nothing may come after it. */
  endAll(sample: number, text: string): void {
    for (const [id, { kind, latest }] of this.#active) {
      this.issue(id, kind, 'end', { ...latest, sample: Math.max(sample, latest.sample), text });
    }
  }

  issue(id: string, kind: AlertKind, phase: AlertPhase, finding: Finding): void {
    if (phase === 'end') this.#active.delete(id);
    else this.#active.set(id, { kind, latest: finding });
    const first = Math.max(0, Math.round(finding.sample - STRIP_SECONDS_BEFORE * this.#rateHz));
    this.#onAlert({
      id,
      kind,
      priority: finding.priority ?? ALERT_KINDS[kind].priority,
      phase,
      startSample: Math.round(finding.startSample),
      sample: Math.round(finding.sample),
      text: finding.text,
      evidence: {
        ...finding.evidence,
        duration_s: Math.round((10 * (finding.sample - finding.startSample)) / this.#rateHz) / 10,
        strip_first_sample: first,
        strip_sample_count: Math.round(STRIP_SECONDS * this.#rateHz),
      },
    });
  }
}
