/**
 * Asks the beds that are on the screen for their waveform, a minute at a time. A user who may not ask is found out with one
 * bed: a broker that hangs up on it is not asked again, or the page would lose it for ever.
 */
import type { Bed } from '../beds/bed.ts';
import type { Asking } from './asking.ts';

const LEND_S = 60;
const AGAIN_MS = 25_000;
/** A device that has not answered is left alone for so long. */
const UNANSWERED_MS = 30_000;

export class WaveWishes {
  readonly #asking: Asking;
  readonly #dueMs = new Map<string, number>();
  /** Whether this user may ask; null: not known yet. */
  #isAllowed: boolean | null = null;
  #isTrying = false;
  #hangUps = 0;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** Why there are no traces; null: there are, or will be. */
  get complaint(): string | null {
    return this.#isAllowed === false ? 'No live traces: this user may not ask for them' : null;
  }

  /** A connection: whoever asks may be somebody else. */
  connected(isSomebodyElse: boolean): void {
    this.#dueMs.clear();
    this.#isTrying = false;
    if (!isSomebodyElse) return;
    this.#isAllowed = null;
    this.#hangUps = 0;
  }

  /** Once a second. */
  tick(onScreen: Iterable<Bed>, steadyMs: number): void {
    if (this.#isAllowed === false) return;
    for (const bed of onScreen) {
      if (this.#isTrying && this.#isAllowed === null) return;
      const { base } = bed.place;
      if (!bed.isFresh(steadyMs) || steadyMs < (this.#dueMs.get(base) ?? 0)) continue;
      this.#dueMs.set(base, steadyMs + AGAIN_MS);
      void this.#wish(bed);
    }
  }

  async #wish(bed: Bed): Promise<void> {
    this.#isTrying = true;
    try {
      await this.#asking.ask(bed.place, 'wave', { seconds: LEND_S });
      this.#isAllowed = true;
    } catch (error) {
      // Once may be a broker that died just then.
      if (this.#isAllowed === null && /hung up/.test((error as Error).message) && ++this.#hangUps === 2) {
        this.#isAllowed = false;
      }
      this.#dueMs.set(bed.place.base, performance.now() + UNANSWERED_MS);
    } finally {
      this.#isTrying = false;
    }
  }
}
