/**
 * Plays a patient through a board's encoder by absolute deadline: sample n is due at start + n / rate,
 * whatever the timer's own delays, so lateness never adds up.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { BoardEncoder } from '@rhythmd/ecg/boards/board.ts';
import { ByteFaults } from './faults/byte-faults.ts';
import type { Fault } from './faults/fault-kinds.ts';
import { GapReport } from './faults/gap-report.ts';
import { LineFaults } from './faults/line-faults.ts';
import { loadNoise } from './faults/noise-tracks.ts';
import { Schedule } from './faults/schedule.ts';
import { SignalFaults } from './faults/signal-faults.ts';
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
  /** Seconds to play, the patient over and over if need be; null: the patient once. */
  readonly durationS: number | null;
  readonly faults: readonly Fault[];
  readonly seed: number;
  /** Told of every outage. */
  readonly report: (line: string) => void;
}

export class Player {
  readonly #options: PlayerOptions;
  readonly #leads: readonly Resampled[];
  readonly #block: readonly Float32Array[];
  readonly #schedule: Schedule;
  readonly #signalFaults: SignalFaults;
  readonly #byteFaults: ByteFaults;
  readonly #lineFaults: LineFaults;
  readonly #gaps: GapReport;
  #answers: Uint8Array[] = [];

  constructor(options: PlayerOptions) {
    const { patient, encoder, faults, seed } = options;
    const rateHz = encoder.inputRateHz;
    this.#options = options;
    this.#leads = patient.leads.map((lead) => new Resampled(lead, patient.rateHz, rateHz));
    this.#block = patient.leads.map(() => new Float32Array(BLOCK));
    this.#schedule = new Schedule(faults);
    const noise = loadNoise(faults, patient, rateHz);
    this.#signalFaults = new SignalFaults({ schedule: this.#schedule, rateHz, noise });
    this.#byteFaults = new ByteFaults(this.#schedule, seed);
    this.#lineFaults = new LineFaults(this.#schedule, encoder, options.output, options.speed, seed);
    this.#gaps = new GapReport(options.report);
  }

  /** Bytes from the host. */
  command(bytes: Uint8Array): void {
    const answer = this.#options.encoder.command(bytes);
    if (answer.length > 0) this.#answers.push(answer.slice());
  }

  /** Until the time is over or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { encoder, output, speed, durationS } = this.#options;
    const rateHz = encoder.inputRateHz;
    const end = durationS === null ? (this.#leads[0]?.length ?? 0) : Math.round(durationS * rateHz);
    const unpaced = speed === Number.POSITIVE_INFINITY;
    await output.listening(signal);
    await output.write(encoder.switchOn());
    await this.#untilStreaming(signal);
    const startMs = performance.now();
    let dueMs = startMs;
    let sent = 0;
    while (!signal.aborted && sent < end) {
      await this.#answer();
      const timeS = sent / rateHz;
      const perMs = (rateHz * speed * (1 + this.#driftPpm(timeS) / 1e6)) / 1000;
      const change = Math.ceil(this.#schedule.nextChange(timeS) * rateHz - 1e-6);
      const due = unpaced ? end : sent + Math.floor((performance.now() - dueMs) * perMs);
      const count = Math.min(due - sent, BLOCK, end - sent, change - sent);
      if (count <= 0) {
        await sleep(TICK_MS, undefined, { signal }).catch(() => {});
        continue;
      }
      if (unpaced) {
        await output.listening(signal);
        await nextTurn();
      }
      await this.#send(sent, count, signal);
      sent += count;
      // The deadline of the next sample, by the board's clock: what is late now is not late for ever.
      dueMs += count / perMs;
    }
    await this.#lineFaults.flush();
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

  #driftPpm(timeS: number): number {
    return Number(this.#schedule.active('drift', timeS)?.parameters.ppm ?? 0);
  }

  async #send(first: number, count: number, signal: AbortSignal): Promise<void> {
    const { encoder } = this.#options;
    const timeS = first / encoder.inputRateHz;
    const nextS = (first + count) / encoder.inputRateHz;
    const passes = await this.#lineFaults.enter(timeS);
    let delivered = false;
    if (encoder.streaming) {
      const bytes = this.#encode(first, count);
      if (passes) {
        const whole = this.#byteFaults.apply(bytes, timeS);
        const cut = this.#lineFaults.cutsOff(timeS, nextS) ? Math.floor(0.9 * whole.length) : whole.length;
        delivered = await this.#lineFaults.send(whole.subarray(0, cut), timeS, signal);
      }
    }
    // What is read at a wrong speed is noise to whoever reads it.
    const readable = this.#schedule.active('wrong-baud', timeS) === null;
    this.#gaps.push(first, delivered && readable);
  }

  #encode(first: number, count: number): Uint8Array {
    const length = this.#leads[0]?.length ?? 1;
    for (const [k, lead] of this.#leads.entries()) {
      const block = this.#block[k]!;
      for (let i = 0; i < count; i++) block[i] = lead.at((first + i) % length);
    }
    const flags = this.#signalFaults.apply(this.#block, first, count);
    const { encoder } = this.#options;
    return encoder.encode({ first, rateHz: encoder.inputRateHz, leads: this.#block, count, flags, lost: 0 });
  }
}
