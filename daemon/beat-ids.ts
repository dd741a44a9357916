/** Ids of beats: unique across restarts, counted within one run, the same for a beat wherever it is published. */
import { randomBytes } from 'node:crypto';

export class BeatIds {
  /** What all ids of this run begin with. Random: a device without a battery clock may start twice at one time. */
  readonly run: string;
  #seq = 0;

  constructor(run = randomBytes(4).toString('hex')) {
    this.run = run;
  }

  /** Ids given out so far. */
  get seq(): number {
    return this.#seq;
  }

  next(): { readonly id: string; readonly seq: number } {
    const seq = ++this.#seq;
    return { id: `${this.run}-${String(seq).padStart(6, '0')}`, seq };
  }
}
