/**
 * The alerts that stand, and what is told of them. It turns the rhythm stage's alerts into messages, carries
 * silence and acknowledgement, and keeps a storm of findings from becoming a storm of messages:
 *
 * - an alert's updates go out at most every `updateSeconds`; the newest waits, older ones are dropped;
 * - medium and low priority share `messagesPerMinute`; a start that finds none left waits while its condition
 *   lasts, and is never told if that ends first (`counters().suppressed`);
 * - high priority and the end of whatever was told always go out.
 *
 * Silence, acknowledgement and latching follow IEC 60601-1-8, 6.8 and 6.10: silence ends by itself; an acknowledged alert
 * stays quiet while its condition lasts, but no longer than `acknowledgeSeconds`: then it reminds; both end when its priority
 * rises; a new alert is never silent. What was of high priority latches: it stands until somebody acknowledges it, also when
 * its condition is over.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Alert, AlertPhase, AlertPriority } from '@rhythmd/ecg/types.ts';
import type { AlertEvent } from '@rhythmd/protocol/events.ts';

/** Each kind has one alert at a time, so this is never reached; beyond it alerts pass untracked. */
const MAX_STANDING = 64;

export interface AlertBookOptions {
  /** Kinds that are not told at all. */
  readonly disabled: readonly string[];
  readonly updateSeconds: number;
  readonly messagesPerMinute: number;
  readonly silenceSeconds: number;
  readonly acknowledgeSeconds: number;
  readonly replay: () => boolean;
  /** Wall time of a sample; null before the clock knows. */
  readonly timeOf: (sample: number) => number | null;
  /** Wall time now, milliseconds: for stamps. */
  readonly now: () => number;
  /** A clock that nobody sets: for silences and the pace of messages. */
  readonly monotonicMs: () => number;
  readonly onEvent: (event: AlertEvent) => void;
}

/** One alert as the book keeps it: its latest message, and what people said about it. */
interface StandingAlert {
  latest: Alert;
  /** Whether its start went out; until then nothing else of it does. */
  told: boolean;
  /** Its latest message did not go out yet. */
  pending: boolean;
  /** When the last message went out, and until when it is silent: on the clock that nobody sets. */
  toldAtMs: number;
  silencedUntilMs: number | null;
  /** Somebody has seen it, and is taken at their word until then; null: nobody has. */
  acknowledgedUntilMs: number | null;
  /** It was of high priority at some time: then it stays until somebody acknowledges it. */
  wasHigh: boolean;
  /** The condition is over, and nobody has acknowledged it yet. */
  latched: boolean;
}

export class AlertBook {
  readonly #options: AlertBookOptions;
  readonly #disabled: ReadonlySet<string>;
  readonly #budget: MessageBudget;
  readonly #standing = new Map<string, StandingAlert>();
  #coalesced = 0;
  #suppressed = 0;
  #untracked = 0;

  constructor(options: AlertBookOptions) {
    this.#options = options;
    this.#disabled = new Set(options.disabled);
    this.#budget = new MessageBudget(options.messagesPerMinute);
  }

  /** A message of the rhythm stage. */
  push(alert: Alert): void {
    if (this.#disabled.has(alert.kind)) return;
    const known = this.#standing.get(alert.id);
    if (alert.phase === 'end') {
      if (known !== undefined) this.#end(known, alert);
      return;
    }
    if (known === undefined) this.#begin(alert);
    else this.#follow(known, alert);
  }

  /** Time goes on: silences expire, waiting messages go out. Call about once a second. */
  tick(): void {
    const now = this.#options.monotonicMs();
    for (const entry of this.#standing.values()) {
      const isHeard = entry.silencedUntilMs !== null && now >= entry.silencedUntilMs;
      const isReminded = entry.acknowledgedUntilMs !== null && now >= entry.acknowledgedUntilMs;
      if (isHeard) entry.silencedUntilMs = null;
      if (isReminded) entry.acknowledgedUntilMs = null;
      if (isHeard || isReminded) {
        this.#tellChange(entry);
      } else if (entry.pending) {
        this.#tellIfAllowed(entry);
      }
    }
  }

  /**
   * Silences one alert, or all that stand, until the returned wall time; 0 seconds ends a silence.
   * @throws RhythmdError E_ALERT_UNKNOWN when no alert with that id stands.
   */
  silence(id: string | null, seconds = this.#options.silenceSeconds): number {
    const until = this.#options.monotonicMs() + 1000 * seconds;
    const entries = id === null ? [...this.#standing.values()] : [this.#find(id)];
    for (const entry of entries) {
      entry.silencedUntilMs = seconds > 0 ? until : null;
      this.#tellChange(entry);
    }
    return this.#options.now() + 1000 * seconds;
  }

  /** The wall clock was set: what stands is told again with the time it has now. */
  clockSet(): void {
    for (const entry of this.#standing.values()) this.#tellChange(entry);
  }

  /**
   * Somebody has seen it: quiet for `acknowledgeSeconds`; one whose condition is over ends.
   * @throws RhythmdError E_ALERT_UNKNOWN when no alert with that id stands.
   */
  acknowledge(id: string): void {
    const entry = this.#find(id);
    entry.acknowledgedUntilMs = this.#options.monotonicMs() + 1000 * this.#options.acknowledgeSeconds;
    if (entry.latched) this.#release(entry);
    else this.#tellChange(entry);
  }

  /** Nobody watches any longer: what stands only because nobody acknowledged it ends. */
  close(): void {
    for (const entry of this.#standing.values()) if (entry.latched) this.#release(entry);
  }

  /** The alerts that stand and were told, oldest first, each with its latest state. */
  active(): AlertEvent[] {
    return [...this.#standing.values()]
      .filter((entry) => entry.told)
      .map((entry) => this.#eventOf(entry, entry.latched ? 'update' : entry.latest.phase));
  }

  /** What health shows of the book. */
  counters(): Readonly<Record<string, number>> {
    return {
      standing: this.#standing.size,
      coalesced: this.#coalesced,
      suppressed: this.#suppressed,
      untracked: this.#untracked,
    };
  }

  #begin(alert: Alert): void {
    // The same again: one of a kind stands, or a night of short ones would never fit on a page.
    for (const entry of this.#standing.values()) {
      if (entry.latched && entry.latest.kind === alert.kind) this.#release(entry);
    }
    if (this.#standing.size >= MAX_STANDING) {
      this.#untracked += 1;
      return;
    }
    const entry = standing(alert);
    this.#standing.set(alert.id, entry);
    this.#tellIfAllowed(entry);
  }

  #follow(entry: StandingAlert, alert: Alert): void {
    const rises = isAbove(alert.priority, entry.latest.priority);
    if (entry.pending && entry.told) this.#coalesced += 1;
    entry.latest = alert;
    entry.pending = true;
    if (rises) {
      entry.silencedUntilMs = null;
      entry.acknowledgedUntilMs = null;
      entry.wasHigh ||= alert.priority === 'high';
      this.#tell(entry, entry.told ? 'update' : 'start');
    } else {
      this.#tellIfAllowed(entry);
    }
  }

  #end(entry: StandingAlert, alert: Alert): void {
    if (!entry.told) {
      this.#standing.delete(alert.id);
      this.#suppressed += 1;
      return;
    }
    entry.latest = alert;
    if (entry.wasHigh && !this.#isAcknowledged(entry)) {
      entry.latched = true;
      this.#tell(entry, 'update');
    } else this.#release(entry);
  }

  #release(entry: StandingAlert): void {
    this.#standing.delete(entry.latest.id);
    entry.latched = false;
    this.#tell(entry, 'end');
  }

  #isAcknowledged({ acknowledgedUntilMs }: StandingAlert): boolean {
    return acknowledgedUntilMs !== null && acknowledgedUntilMs > this.#options.monotonicMs();
  }

  /** Of a moment of the monotonic clock; null for none. */
  #wallTimeOf(monotonicMs: number | null): number | null {
    if (monotonicMs === null) return null;
    return Math.round(this.#options.now() + monotonicMs - this.#options.monotonicMs());
  }

  #tellIfAllowed(entry: StandingAlert): void {
    const now = this.#options.monotonicMs();
    if (entry.told && now - entry.toldAtMs < 1000 * this.#options.updateSeconds) return;
    if (entry.latest.priority !== 'high' && !this.#budget.take(now)) return;
    this.#tell(entry, entry.told ? 'update' : 'start');
  }

  /** People changed something: told at once, unless the alert itself was not told yet. */
  #tellChange(entry: StandingAlert): void {
    if (entry.told) this.#tell(entry, 'update');
  }

  #tell(entry: StandingAlert, phase: AlertPhase): void {
    entry.told = true;
    entry.pending = false;
    entry.toldAtMs = this.#options.monotonicMs();
    this.#options.onEvent(this.#eventOf(entry, phase));
  }

  #find(id: string): StandingAlert {
    const entry = this.#standing.get(id);
    if (entry === undefined) {
      throw new RhythmdError('E_ALERT_UNKNOWN', `no active alert '${id}'`, 'alert/active lists them');
    }
    return entry;
  }

  #eventOf(entry: StandingAlert, phase: AlertPhase): AlertEvent {
    const { latest } = entry;
    const now = this.#options.now();
    // Sample time stands still while the source does: that alert is dated by the wall clock.
    const time = latest.kind === 'source_stalled' ? null : this.#options.timeOf(latest.sample);
    return {
      v: 1,
      id: latest.id,
      kind: latest.kind,
      priority: latest.priority,
      phase,
      t_ms: Math.round(time ?? now),
      start_t_ms: Math.round(this.#options.timeOf(latest.startSample) ?? now),
      start_sample: latest.startSample,
      sample: latest.sample,
      text: latest.text,
      evidence: latest.evidence,
      silenced: (entry.silencedUntilMs ?? 0) > this.#options.monotonicMs(),
      silenced_until_ms: this.#wallTimeOf(entry.silencedUntilMs),
      acknowledged: this.#isAcknowledged(entry),
      acknowledged_until_ms: this.#wallTimeOf(entry.acknowledgedUntilMs),
      latched: entry.latched,
      replay: this.#options.replay(),
    };
  }
}

function standing(alert: Alert): StandingAlert {
  return {
    latest: alert,
    told: false,
    pending: true,
    toldAtMs: Number.NEGATIVE_INFINITY,
    silencedUntilMs: null,
    acknowledgedUntilMs: null,
    wasHigh: alert.priority === 'high',
    latched: false,
  };
}

const RANK: Readonly<Record<AlertPriority, number>> = { low: 0, medium: 1, high: 2 };

function isAbove(one: AlertPriority, other: AlertPriority): boolean {
  return RANK[one] > RANK[other];
}

/**
 * How many messages may go out: a token bucket over the clock that nobody sets. It begins full, so a burst of that size passes,
 * and refills evenly.
 */
class MessageBudget {
  readonly #perMinute: number;
  #tokens: number;
  #filledAtMs: number | null = null;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#tokens = perMinute;
  }

  /** Takes one message out of the budget; false when there is none left. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(nowMs: number): void {
    const elapsedMs = nowMs - (this.#filledAtMs ?? nowMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#perMinute, this.#tokens + (elapsedMs * this.#perMinute) / 60_000);
  }
}
