/** All alerts the page has heard of, the latest message of each, and what changed. */
import type { AlertPriority } from '@rhythmd/ecg/types.ts';
import type { AlertEvent, StripEvent } from '@rhythmd/protocol/events.ts';

const MAX_ALERTS = 300;
const MAX_STRIPS = 60;
const PRIORITY_RANK: Readonly<Record<AlertPriority, number>> = { high: 0, medium: 1, low: 2 };

export class AlertBook {
  readonly #alerts = new Map<string, AlertEvent>();
  readonly #strips = new Map<string, StripEvent>();
  readonly #listeners = new Set<(changed: AlertEvent | null) => void>();

  /** Newest first. */
  get all(): AlertEvent[] {
    return [...this.#alerts.values()].sort((a, b) => b.start_t_ms - a.start_t_ms);
  }

  /** Those that go on, worst first. */
  get active(): AlertEvent[] {
    return this.all.filter((alert) => alert.phase !== 'end').sort(byPriorityThenTime);
  }

  /** What stands first, then what has ended; each by priority, then the newest first: a flutter never below a couplet. */
  get byPriority(): AlertEvent[] {
    const ended = this.all.filter((alert) => alert.phase === 'end');
    return [...this.active, ...ended.sort(byPriorityThenTime)];
  }

  stripOf(id: string): StripEvent | null {
    return this.#strips.get(id) ?? null;
  }

  /** What the daemon knew when the connection opened replaces what we thought was still going on. */
  replace(alerts: readonly AlertEvent[]): void {
    this.#alerts.clear();
    for (const alert of alerts) this.#keep(alert);
    this.#tell(null);
  }

  add(alert: AlertEvent): void {
    this.#keep(alert);
    this.#tell(alert);
  }

  addStrip(strip: StripEvent): void {
    this.#strips.set(strip.alert_id, strip);
    if (this.#strips.size > MAX_STRIPS) forgetOldest(this.#strips, (id) => !this.#stands(id));
    this.#tell(this.#alerts.get(strip.alert_id) ?? null);
  }

  /** @param listener is told which alert changed; null: all of them. */
  watch(listener: (changed: AlertEvent | null) => void): void {
    this.#listeners.add(listener);
  }

  #keep(alert: AlertEvent): void {
    this.#alerts.set(alert.id, alert);
    if (this.#alerts.size > MAX_ALERTS) forgetOldest(this.#alerts, (id) => !this.#stands(id));
  }

  #stands(id: string): boolean {
    const alert = this.#alerts.get(id);
    return alert !== undefined && alert.phase !== 'end';
  }

  #tell(changed: AlertEvent | null): void {
    for (const listener of this.#listeners) listener(changed);
  }
}

function byPriorityThenTime(a: AlertEvent, b: AlertEvent): number {
  return PRIORITY_RANK[a.priority] - PRIORITY_RANK[b.priority] || b.start_t_ms - a.start_t_ms;
}

/** The oldest that may go; when none may, the oldest of all. What stands is never forgotten for what has ended. */
function forgetOldest(map: Map<string, unknown>, mayGo: (key: string) => boolean): void {
  const keys = [...map.keys()];
  map.delete(keys.find(mayGo) ?? keys[0]!);
}
