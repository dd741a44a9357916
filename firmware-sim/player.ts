/**
 * Plays a patient through a board's encoder by absolute deadline: sample n is due at start + n / rate,
 * whatever the timer's own delays, so lateness never adds up.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { BoardEncoder } from '@rhythmd/ecg/boards/board.ts';
import type { Output } from './output/output.ts';
import type { Patient } from './patient.ts';
import { Resampled } from './resampled.ts';

/** How often what is due is sent: below the batching of USB adapters (16 ms). */
const TICK_MS = 8;
/** At most this many samples at once, also when catching up or playing at full speed. */
const BLOCK = 512;

export interface PlayerOptions {
  readonly patient: Patient;
  readonly encoder: BoardEncoder;
  readonly output: Output;
  /** Times life; Infinity: as fast as it is read. */
  readonly speed: number;
  readonly loop: boolean;
}

export class Player {
  readonly #options: PlayerOptions;
  readonly #leads: readonly Resampled[];
  readonly #block: readonly Float32Array[];
  #answers: Uint8Array[] = [];

  constructor(options: PlayerOptions) {
    this.#options = options;
    const { patient, encoder } = options;
    this.#leads = patient.leads.map((lead) => new Resampled(lead, patient.rateHz, encoder.inputRateHz));
    this.#block = patient.leads.map(() => new Float32Array(BLOCK));
  }

  /** Bytes from the host. */
  command(bytes: Uint8Array): void {
    const answer = this.#options.encoder.command(bytes);
    if (answer.length > 0) this.#answers.push(answer.slice());
  }

  /** Until the record ends (never with `loop`) or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { encoder, output, speed, loop } = this.#options;
    const length = this.#leads[0]?.length ?? 0;
    await output.listening(signal);
    await output.write(encoder.switchOn());
    await this.#untilStreaming(signal);
    const unpaced = speed === Number.POSITIVE_INFINITY;
    const perMs = (encoder.inputRateHz * speed) / 1000;
    const startMs = performance.now();
    let sent = 0;
    while (!signal.aborted && (loop || sent < length)) {
      await this.#answer();
      const end = loop ? Number.POSITIVE_INFINITY : length;
      const due = unpaced ? end : Math.min(end, Math.floor((performance.now() - startMs) * perMs));
      const count = Math.min(due - sent, BLOCK);
      if (count <= 0) {
        await sleep(TICK_MS, undefined, { signal }).catch(() => {});
        continue;
      }
      // At full speed nothing is lost to an absent reader; at a pace, time goes on as on a real board.
      if (unpaced) {
        await output.listening(signal);
        await nextTurn();
      }
      if (encoder.streaming) await output.write(this.#encode(sent, count));
      sent += count;
    }
  }

  /** Some boards wait for a start command. */
  async #untilStreaming(signal: AbortSignal): Promise<void> {
    while (!this.#options.encoder.streaming && !signal.aborted) {
      await this.#answer();
      await sleep(TICK_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #answer(): Promise<void> {
    if (this.#answers.length === 0) return;
    const answers = this.#answers;
    this.#answers = [];
    for (const answer of answers) await this.#options.output.write(answer);
  }

  #encode(from: number, count: number): Uint8Array {
    const length = this.#leads[0]?.length ?? 1;
    for (const [k, lead] of this.#leads.entries()) {
      const block = this.#block[k]!;
      for (let i = 0; i < count; i++) block[i] = lead.at((from + i) % length);
    }
    const { encoder } = this.#options;
    return encoder.encode({
      first: from,
      rateHz: encoder.inputRateHz,
      leads: this.#block,
      count,
      flags: 0,
      lost: 0,
    });
  }
}
