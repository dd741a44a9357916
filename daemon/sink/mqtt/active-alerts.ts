/** The alerts now active, for the retained `alert/active`: who comes late sees what goes on at once. */
import type { AlertEvent } from '@rhythmd/protocol/events.ts';

/** A bound only: there are fewer kinds of alert. */
const MAX_ACTIVE = 64;

export class ActiveAlerts {
  readonly #alerts = new Map<string, AlertEvent>();

  /** @returns the new list when this message changes it, null otherwise */
  apply(event: AlertEvent): readonly AlertEvent[] | null {
    if (event.phase === 'end') {
      if (!this.#alerts.delete(event.id)) return null;
    } else {
      if (!this.#alerts.has(event.id) && this.#alerts.size >= MAX_ACTIVE) return null;
      this.#alerts.set(event.id, event);
    }
    return [...this.#alerts.values()];
  }
}
