/**
 * One message after another, each once the one before it was answered: the message that a broker hangs up at is then the only
 * one it can have been. Slow, so only for a connection whose forerunners broke soon after they were made.
 */

/** More never waits: retained topics, subscriptions and answers are a dozen or two. */
const MAX_WAITING = 64;

/** Sends something; calls back when the broker has answered it. */
export type SendOne = (onAnswered: () => void) => void;

export class OneByOne {
  #waiting: SendOne[] = [];
  #busy = false;
  /** Only the answer to the last one counts, and once: not one of an earlier connection. */
  #turn = 0;

  get isBusy(): boolean {
    return this.#busy;
  }

  /** A new connection: what waited on the last one is void. */
  begin(): void {
    this.#waiting = [];
    this.#busy = false;
    this.#turn++;
  }

  /** @returns false when too much waits already: it is never sent then */
  send(one: SendOne): boolean {
    if (this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(one);
    this.#next();
    return true;
  }

  /** The connection has lasted: what waits goes at once, in its order. */
  release(): void {
    if (!this.#busy) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#busy = false;
    this.#turn++;
    for (const one of waiting) one(() => {});
  }

  #next(): void {
    if (this.#busy) return;
    const one = this.#waiting.shift();
    if (one === undefined) return;
    this.#busy = true;
    const turn = ++this.#turn;
    one(() => {
      if (turn !== this.#turn || !this.#busy) return;
      this.#busy = false;
      this.#next();
    });
  }
}
