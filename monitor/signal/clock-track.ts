/** Which wall time a sample has: straight lines between what the daemon said, so that a replay at any speed fits. */
import type { ClockEvent } from '@rhythmd/protocol/stream-messages.ts';
import { Bounded } from './bounded.ts';

/** Every five seconds of stream: the last hour. */
const KEPT = 720;

export class ClockTrack {
  readonly #points = new Bounded<ClockEvent>(KEPT);
  readonly #nominalMsPerSample: number;

  constructor(rateHz: number) {
    this.#nominalMsPerSample = 1000 / rateHz;
  }

  add(point: ClockEvent): void {
    this.#points.add(point);
  }

  clear(): void {
    this.#points.clear();
  }

  /** null before the daemon has said. */
  timeOf(sample: number): number | null {
    const { items } = this.#points;
    if (items.length === 0) return null;
    const at = Math.max(0, this.#points.indexFrom(sample + 1) - 1);
    const point = items[at]!;
    return point.t_ms + (sample - point.sample) * this.#msPerSample(at);
  }

  sampleAt(timeMs: number): number | null {
    const { items } = this.#points;
    if (items.length === 0) return null;
    let at = items.length - 1;
    while (at > 0 && items[at]!.t_ms > timeMs) at--;
    const point = items[at]!;
    return Math.round(point.sample + (timeMs - point.t_ms) / this.#msPerSample(at));
  }

  /** Of the stretch that begins at a point; the newest goes on like the one before. */
  #msPerSample(at: number): number {
    const { items } = this.#points;
    const from = at + 1 < items.length ? at : at - 1;
    const [a, b] = [items[from], items[from + 1]];
    if (!a || !b || b.t_ms <= a.t_ms) return this.#nominalMsPerSample;
    return (b.t_ms - a.t_ms) / (b.sample - a.sample);
  }
}
