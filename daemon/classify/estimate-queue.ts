/**
 * Windows of waveform waiting for the rhythm network. Bounded, and first in is first out. When the network is too slow
 * the oldest window goes: what the rhythm is now matters more than what it was.
 */
import type { RhythmEstimate } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RHYTHM_IMAGE_VALUES, RhythmImageMaker } from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import type { RhythmNetwork } from './rhythm-network.ts';

/** Eight seconds: a daemon that is further behind has other troubles. */
export const QUEUE_WINDOWS = 16;

/** `none`: no network; `failed`: the last run failed. */
export type RhythmNetworkState = 'none' | 'ready' | 'failed';

interface Waiting {
  readonly sample: number;
  readonly received: number;
  readonly slot: number;
}

export class EstimateQueue {
  readonly #network: RhythmNetwork | null;
  readonly #onEstimate: (estimate: RhythmEstimate) => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #maker = new RhythmImageMaker();
  readonly #images: Float32Array;
  /** Those that the network looks at. */
  readonly #batch: Float32Array;
  #waiting: Waiting[] = [];
  #nextSlot = 0;
  #running: Promise<void> | null = null;
  #state: RhythmNetworkState;
  #dropped = 0;

  constructor(
    network: RhythmNetwork | null,
    onEstimate: (estimate: RhythmEstimate) => void,
    onFailure: (error: unknown) => void,
  ) {
    this.#network = network;
    this.#onEstimate = onEstimate;
    this.#onFailure = onFailure;
    this.#state = network === null ? 'none' : 'ready';
    const size = network === null ? 0 : RHYTHM_IMAGE_VALUES;
    this.#images = new Float32Array(QUEUE_WINDOWS * size);
    this.#batch = new Float32Array((network?.largestBatch ?? 0) * size);
  }

  get state(): RhythmNetworkState {
    return this.#state;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Windows that nobody looked at because later ones came. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @param window millivolts, copied (ecg/rhythm/rhythm-signal.ts) */
  push(sample: number, window: Float32Array, received: number): void {
    if (this.#network === null) return;
    if (this.#waiting.length === QUEUE_WINDOWS) {
      this.#waiting.shift();
      this.#dropped++;
    }
    const slot = this.#nextSlot;
    this.#nextSlot = (slot + 1) % QUEUE_WINDOWS;
    this.#maker.make(window, this.#images, slot * RHYTHM_IMAGE_VALUES);
    this.#waiting.push({ sample, received, slot });
    if (this.#running === null) this.#running = this.#run(this.#network);
  }

  /** Resolves when every window pushed so far has been looked at. */
  async drained(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(network: RhythmNetwork): Promise<void> {
    // Whoever pushes is done first: an estimate never comes inside push.
    await Promise.resolve();
    while (this.#waiting.length > 0)
      await this.#estimateBatch(network, this.#waiting.splice(0, network.largestBatch));
    this.#running = null;
  }

  async #estimateBatch(network: RhythmNetwork, windows: readonly Waiting[]): Promise<void> {
    for (const [i, { slot }] of windows.entries()) {
      const first = slot * RHYTHM_IMAGE_VALUES;
      this.#batch.set(this.#images.subarray(first, first + RHYTHM_IMAGE_VALUES), i * RHYTHM_IMAGE_VALUES);
    }
    let rows: readonly Float32Array[];
    try {
      rows = await network.estimate(this.#batch, windows.length);
      this.#state = 'ready';
    } catch (error) {
      for (const _ of windows) this.#failed(error);
      return;
    }
    for (const [i, { sample, received }] of windows.entries()) {
      try {
        this.#onEstimate({ sample, probabilities: rows[i]!, received });
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  #failed(error: unknown): void {
    this.#state = 'failed';
    this.#onFailure(error);
  }
}
