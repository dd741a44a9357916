/** One alert as the book keeps it: its latest message, and what people said about it. */
import type { Alert, AlertPriority } from '@rhythmd/ecg/types.ts';

export interface StandingAlert {
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

export function standing(alert: Alert): StandingAlert {
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

export function isAbove(one: AlertPriority, other: AlertPriority): boolean {
  return RANK[one] > RANK[other];
}
