/**
 * Passwords of the embedded broker's clients, each an scrypt on the thread pool that files use too. One is checked at
 * a time, few may wait, guessing has to wait, and who has been known once in this run is known at once.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { neighbourhood } from '../../net/addresses.ts';
import { Attempts } from '../../net/attempts.ts';
import type { CheckUser } from './users.ts';

/** Wrong passwords a minute: from one address for one name, and from one address in all. */
export const MAX_FAILED_OF_NAME_PER_MINUTE = 10;
export const MAX_FAILED_OF_ADDRESS_PER_MINUTE = 60;
/** Checks that wait for one another; each takes some 50 ms, on a Pi several times that. */
const MAX_WAITING = 32;
const MAX_REMEMBERED = 64;

export type Admission = 'known' | 'wrong' | 'wait';

export class PasswordDesk {
  readonly #check: CheckUser;
  readonly #ofName: Attempts;
  readonly #ofAddress: Attempts;
  /** Keyed with what dies with the process: a dump of memory tells no password. */
  readonly #key = randomBytes(32);
  readonly #remembered = new Set<string>();
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(check: CheckUser, now: () => number = () => performance.now()) {
    this.#check = check;
    this.#ofName = new Attempts(MAX_FAILED_OF_NAME_PER_MINUTE, now);
    this.#ofAddress = new Attempts(MAX_FAILED_OF_ADDRESS_PER_MINUTE, now);
  }

  /** @returns `wait` when it was not even looked at. Rejects with what the check rejects with. */
  async admit(address: string, user: string, password: string): Promise<Admission> {
    const mark = this.#markOf(user, password);
    if (this.#remembered.has(mark)) return 'known';
    const from = neighbourhood(address);
    const name = `${from} ${user}`;
    const mayNot = () => this.#ofName.exhausted(name) || this.#ofAddress.exhausted(from);
    if (mayNot() || this.#waiting >= MAX_WAITING) return 'wait';
    this.#waiting++;
    const mine = this.#last.then(() => (mayNot() ? null : this.#check(user, password)));
    this.#last = mine.catch(() => {});
    try {
      const known = await mine;
      if (known === null) return 'wait';
      if (known) this.#remember(mark);
      else
        for (const [attempts, key] of [
          [this.#ofName, name],
          [this.#ofAddress, from],
        ] as const)
          attempts.add(key);
      return known ? 'known' : 'wrong';
    } finally {
      this.#waiting--;
    }
  }

  #markOf(user: string, password: string): string {
    return createHmac('sha256', this.#key).update(`${user}\0${password}`).digest('base64');
  }

  #remember(mark: string): void {
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.add(mark);
  }
}
