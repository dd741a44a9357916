/**
 * Answers that take long are made one after the other, and between any two of them everything else gets its turn:
 * samples arrive on the same thread. More than a few may not wait.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Answer, problem } from './respond.ts';

export class LongAnswers {
  readonly #limit: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns 503 when too many wait already */
  async make(answer: () => Answer | Promise<Answer>): Promise<Answer> {
    if (this.#waiting >= this.#limit) {
      const busy = problem(503, 'E_WEB_BUSY', 'too much is asked of this device at once', 'Ask again');
      return { ...busy, headers: { 'retry-after': '5' } };
    }
    this.#waiting++;
    const mine = this.#last.then(() => nextTurn()).then(answer);
    this.#last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      this.#waiting--;
    }
  }
}
