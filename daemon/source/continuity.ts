/**
 * Gaps that only the clock knows of. A board without sequence numbers, or one that started again, says
 * nothing about what is missing after a silence; the time of arrival does. What comes right after a silence
 * is held for a moment, because the missing samples may still arrive in one burst (a network that caught its
 * breath, a process that slept): then nothing was lost.
 */
import type { Samples } from '@rhythmd/ecg/types.ts';

/** No USB latency timer or busy computer delays a chunk as long as this. */
const SILENCE_MS = 300;
/** A burst is looked for this long, and again as long as more comes than time passes. */
const HOLD_MS = 300;
const HOLD_AT_MOST_MS = 3000;
const CATCHING_UP = 1.3;
/** Less than this is jitter, not loss. */
const TOLERANCE_MS = 60;
/** Held samples at most; then the decision is taken with what is known. */
const HOLD_LIMIT = 1 << 16;

export class Continuity {
  readonly #speed: number;
  #countRange: number;
  #held: Samples[] = [];
  #heldSamples = 0;
  #holdStartMs = 0;
  #checkedMs = 0;
  #checkedSamples = 0;
  #silentSinceMs = 0;
  #lastMs = -1;
  #restarts = 0;
  #restarted = false;
  #broken = false;
  /** Samples added to every index so far. */
  #added = 0;

  /**
   * @param countRange samples after which the board's own count of losses starts over: 1 for boards that count
   * nothing, Infinity for one whose count can be trusted until it starts again
   * @param speed stream time runs this much faster than the clock; Infinity: the clock says nothing
   */
  constructor(countRange: number, speed: number) {
    this.#countRange = countRange;
    this.#speed = speed;
  }

  /** Once it is known which board it is. */
  set countRange(countRange: number) {
    this.#countRange = countRange;
  }

  /**
   * @param arrivalMs of the chunk, by the clock
   * @param restarts how often the board has started again so far
   */
  push(samples: Samples, arrivalMs: number, restarts: number, onSamples: (samples: Samples) => void): void {
    if (restarts !== this.#restarts) this.#restarted = true;
    this.#restarts = restarts;
    if (this.#held.length > 0) {
      this.#hold(samples);
      this.#lastMs = arrivalMs;
      if (this.#isDecided(arrivalMs)) this.#release(arrivalMs, onSamples);
      return;
    }
    // A board that started again says so: any silence before that is a gap.
    const longest = this.#restarted ? TOLERANCE_MS : SILENCE_MS;
    const silent = this.#lastMs >= 0 && arrivalMs - this.#lastMs > longest;
    // A counter that goes on where it stopped says that nothing is missing; by chance it does so once in its range.
    const counts =
      this.#countRange === Number.POSITIVE_INFINITY || (this.#countRange > 1 && samples.lost === 0);
    const counted = counts && !this.#restarted && !this.#broken;
    this.#broken = false;
    if (silent && !counted && this.#speed !== Number.POSITIVE_INFINITY) {
      this.#silentSinceMs = this.#lastMs;
      this.#holdStartMs = arrivalMs;
      this.#checkedMs = arrivalMs;
      this.#checkedSamples = 0;
      this.#hold(samples);
    } else {
      onSamples(this.#shifted(samples, 0));
    }
    this.#restarted = false;
    this.#lastMs = arrivalMs;
  }

  /** The line was closed: what the board sent meanwhile is lost, whatever a short counter says. */
  lineBroke(): void {
    this.#broken = this.#countRange !== Number.POSITIVE_INFINITY;
  }

  /** At the end of the stream, or when the line broke again. */
  flush(onSamples: (samples: Samples) => void): void {
    if (this.#held.length > 0) this.#release(this.#lastMs, onSamples);
  }

  /** Whether what was delayed has arrived by now. */
  #isDecided(arrivalMs: number): boolean {
    if (this.#heldSamples > HOLD_LIMIT || arrivalMs - this.#holdStartMs >= HOLD_AT_MOST_MS) return true;
    const elapsedMs = arrivalMs - this.#checkedMs;
    if (elapsedMs < HOLD_MS) return false;
    const expected = (elapsedMs * this.#held[0]!.rateHz * this.#speed) / 1000;
    const arrived = this.#heldSamples - this.#checkedSamples;
    this.#checkedMs = arrivalMs;
    this.#checkedSamples = this.#heldSamples;
    return arrived <= CATCHING_UP * expected;
  }

  #hold(samples: Samples): void {
    const leads = samples.leads.map((lead) => lead.slice(0, samples.count));
    this.#held.push({ ...samples, leads });
    this.#heldSamples += samples.count + samples.lost;
  }

  #release(arrivalMs: number, onSamples: (samples: Samples) => void): void {
    const held = this.#held;
    const rateHz = held[0]!.rateHz * this.#speed;
    const missing = ((arrivalMs - this.#silentSinceMs) * rateHz) / 1000 - this.#heldSamples;
    this.#held = [];
    this.#heldSamples = 0;
    const unit = this.#countRange === Number.POSITIVE_INFINITY ? 1 : this.#countRange;
    const enough = missing > (TOLERANCE_MS * rateHz) / 1000;
    let lost = enough ? Math.round(missing / unit) * unit : 0;
    for (const samples of held) {
      onSamples(this.#shifted(samples, lost));
      lost = 0;
    }
  }

  #shifted(samples: Samples, lost: number): Samples {
    this.#added += lost;
    if (this.#added === 0) return samples;
    return { ...samples, first: samples.first + this.#added, lost: samples.lost + lost };
  }
}
