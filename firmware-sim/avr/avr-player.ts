/** Runs the board in simulated time against the wall clock and hands its bytes to an output. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Output } from '../output/output.ts';
import { AvrBoard, CLOCK_HZ } from './avr-board.ts';
import type { Electrodes } from './electrodes.ts';

/** Simulated at a time: short enough to answer commands, long enough to be cheap. */
const SLICE_S = 0.008;
/** The firmware starts within this; the record begins with its first sample. */
const BYTES = 4096;

export interface AvrPlayerOptions {
  readonly image: Uint8Array;
  readonly electrodes: Electrodes;
  readonly output: Output;
  /** Times life; Infinity: as fast as the machine can. */
  readonly speed: number;
  /** Seconds to play, the patient over and over if need be; null: the patient once. */
  readonly durationS: number | null;
}

export class AvrPlayer {
  readonly #options: AvrPlayerOptions;
  readonly #board: AvrBoard;
  readonly #bytes = new Uint8Array(BYTES);
  #length = 0;
  #firstSampleCycles = -1;
  #busyMs = 0;

  constructor(options: AvrPlayerOptions) {
    this.#options = options;
    this.#board = new AvrBoard({
      image: options.image,
      volts: (channel, cycles) => {
        if (this.#firstSampleCycles < 0) this.#firstSampleCycles = cycles;
        const seconds = (cycles - this.#firstSampleCycles) / CLOCK_HZ;
        return options.electrodes.volts(channel, seconds, this.#board.testPulse);
      },
      onByte: (byte) => {
        if (this.#length < BYTES) this.#bytes[this.#length++] = byte;
      },
    });
  }

  command(bytes: Uint8Array): void {
    this.#board.receive(bytes);
  }

  /** Simulated seconds per second of computing. */
  get timesRealTime(): number {
    return this.#board.cycles / CLOCK_HZ / (this.#busyMs / 1000);
  }

  get simulatedS(): number {
    return this.#board.cycles / CLOCK_HZ;
  }

  /** Until the record ends or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { output, speed, durationS, electrodes } = this.#options;
    const unpaced = speed === Number.POSITIVE_INFINITY;
    // The last frame is out some milliseconds after its last sample.
    const endS = (durationS ?? electrodes.durationS) + 3 * SLICE_S;
    await output.listening(signal);
    const startMs = performance.now();
    while (!signal.aborted && this.simulatedS < endS) {
      const aheadMs = unpaced ? 0 : (this.simulatedS * 1000) / speed - (performance.now() - startMs);
      if (aheadMs > 0) await sleep(aheadMs, undefined, { signal }).catch(() => {});
      else await nextTurn();
      if (unpaced) await output.listening(signal);
      this.#slice();
      await output.write(this.#bytes.subarray(0, this.#length));
      this.#length = 0;
    }
  }

  #slice(): void {
    const before = performance.now();
    this.#board.run(this.#board.cycles + SLICE_S * CLOCK_HZ);
    this.#busyMs += performance.now() - before;
  }
}
