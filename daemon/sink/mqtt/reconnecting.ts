/**
 * When to try a broker again. Pauses grow; a connection that lasted makes them small again. Two clients of one id throw each
 * other out for ever: where the broker says so the pauses grow to minutes, where it is only suspected to half a minute.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { Backoff, type BackoffSettings } from '../../net/backoff.ts';
import { codeOf, SESSION_TAKEN_OVER } from './connect-errors.ts';

const FIRST_MS = 500;
const MOST_MS = 15_000;
/** A connection that lasted this long was a good one. */
const STABLE_MS = 30_000;
/** The broker told us so: nothing is gained by trying, until somebody gives one of the two another id. */
const TWIN: BackoffSettings = { firstMs: 5000, ceilingMs: 300_000 };
/**
 * A broker that dies again and again, and a network that comes and goes, look like a twin to a client that is told nothing:
 * alerts must not wait for minutes behind a suspicion. Two real twins take turns then, and both get their messages through.
 */
const SUSPECTED: BackoffSettings = { firstMs: 5000, ceilingMs: 30_000 };
/** So often in a row broken off at once, and a broker that gives no reason may have two of us. */
const SUSPICIOUS_BREAKS = 2;

export interface RetrySettings {
  readonly firstRetryMs?: number;
  readonly mostRetryMs?: number;
  readonly stableMs?: number;
}

export class Reconnecting {
  readonly #backoff: Backoff;
  readonly #twinBackoff = new Backoff(TWIN, Math.random);
  readonly #suspectedBackoff = new Backoff(SUSPECTED, Math.random);
  readonly #stableMs: number;
  readonly #firstMs: number;
  /** Connections in a row that broke soon after they were made. */
  #breaks = 0;

  constructor({ firstRetryMs = FIRST_MS, mostRetryMs = MOST_MS, stableMs = STABLE_MS }: RetrySettings) {
    this.#backoff = new Backoff({ firstMs: firstRetryMs, ceilingMs: mostRetryMs }, Math.random);
    this.#stableMs = stableMs;
    this.#firstMs = firstRetryMs;
  }

  /** @returns whether it lasted: what was suspected before it was not so */
  ended(lastedMs: number): boolean {
    if (lastedMs < this.#stableMs) {
      this.#breaks++;
      return false;
    }
    this.#backoff.reset();
    this.#twinBackoff.reset();
    this.#suspectedBackoff.reset();
    this.#breaks = 0;
    return true;
  }

  /** The last connection broke soon after it was made, and this one has not lasted yet. */
  isSuspicious(lastedMs: number): boolean {
    return this.#breaks > 0 && lastedMs < this.#stableMs;
  }

  /** To another address, while not all have been tried. */
  get shortPauseMs(): number {
    return Math.round(this.#firstMs * (0.8 + 0.4 * Math.random()));
  }

  /** What a connection broke of whose broker gave no reason. */
  brokenError(shownUrl: string, clientId: string): Error {
    if (this.#breaks < SUSPICIOUS_BREAKS) return new Error('the connection broke');
    return new RhythmdError(
      'E_BROKER_TWIN',
      `broker ${shownUrl}: the connection breaks again and again, soon after it is made`,
      `Another client may have our id (${clientId}): give each device its own device.id; or see the log of the broker`,
    );
  }

  /** @param error what the broker or the network said; @param reason the same as it is told */
  readonly pauseMs = (error: unknown, reason: RhythmdError): number => {
    if (codeOf(error) === SESSION_TAKEN_OVER) return this.#twinBackoff.next();
    return (reason.code === 'E_BROKER_TWIN' ? this.#suspectedBackoff : this.#backoff).next();
  };
}
