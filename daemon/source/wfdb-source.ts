/** A record (WFDB, EDF, CSV, ISHNE) played straight into the pipeline, paced by its own time. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { ecgSignals } from '@rhythmd/ecg/lead-names.ts';
import type { Samples } from '@rhythmd/ecg/types.ts';
import { isVoltage, millivoltsPerUnit } from '@rhythmd/ecg/wfdb/units.ts';
import { LeadWindow, lostAtStart } from '@rhythmd/records/lead-window.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import type { RecordReader } from '@rhythmd/records/record-reader.ts';
import type { Source, SourceHandlers, SourceState, SourceStatistics } from './source.ts';

/** As often as a board's frames come together. */
const TICK_MS = 20;
/** At most this many samples at once, also when catching up. */
const BLOCK = 360;

export interface WfdbOptions {
  readonly url: string;
  readonly record: string;
  /** Times life; Infinity: as fast as it is processed. */
  readonly speed: number;
  readonly loop: boolean;
  /** Where in the record to begin; it counts as sample 0 of the stream. */
  readonly fromS: number;
  readonly recordFolders: readonly string[] | null;
}

export class WfdbSource implements Source {
  readonly replay = true;
  readonly #options: WfdbOptions;
  #handlers: SourceHandlers | null = null;
  #record: RecordReader | null = null;
  /** The record's ECG leads. */
  #signals: readonly number[] = [];
  #isStopped = false;
  /** Ends the pause between two ticks; one timer for all of them, as pauses that can be aborted cost as much as their samples. */
  #wake: () => void = () => {};
  readonly #timer = setTimeout(() => this.#wake(), TICK_MS);
  #running: Promise<void> = Promise.resolve();
  #state: SourceState = 'opening';
  #status = 'Not started.';

  constructor(options: WfdbOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  about(): string {
    const record = this.#record;
    if (record === null) return `record ${this.#options.record}`;
    const leads = this.#signals.map((signal) => record.leadNames[signal]);
    return `record ${record.name} (${leads.join(', ')}), played from its file`;
  }

  /** @throws E_RECORD_NOT_FOUND and what reading a record throws: a file will not appear by waiting */
  async start(handlers: SourceHandlers): Promise<void> {
    const { record, recordFolders } = this.#options;
    const read = openRecord(record, { folders: recordFolders ?? undefined });
    const { signals } = read.header;
    this.#signals = ecgSignals(
      signals.map((signal, i) => ({ name: read.leadNames[i]!, isVoltage: isVoltage(signal) })),
    );
    if (this.#signals.length === 0 || read.sampleCount === 0) {
      read.close();
      throw new RhythmdError('E_NO_ECG', `record ${read.name} has no signal that is an ECG in volts`);
    }
    this.#handlers = handlers;
    this.#record = read;
    handlers.description({
      board: 'wfdb',
      rateHz: read.rateHz,
      leadNames: this.#signals.map((signal) => read.leadNames[signal]!),
      microvoltsPerCount: this.#signals.map((signal) => {
        const { gain, units } = signals[signal]!;
        return Math.abs((1000 * (millivoltsPerUnit(units) ?? 1)) / gain);
      }),
      firmware: null,
    });
    this.#say('streaming', `Playing ${this.about()}.`);
    this.#running = this.#play(read, handlers);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#wake();
    await this.#running;
    this.#record?.close();
    if (this.#state !== 'ended') this.#say('ended', 'The source was stopped.');
  }

  statistics(): SourceStatistics {
    return {
      state: this.#state,
      status: this.#status,
      measuredRateHz: null,
      driftPpm: null,
      frames: null,
      gaps: 0,
      samplesLost: 0,
      reconnects: 0,
    };
  }

  async #play(record: RecordReader, handlers: SourceHandlers): Promise<void> {
    const { speed, loop, fromS } = this.#options;
    const unpaced = speed === Number.POSITIVE_INFINITY;
    const perMs = (record.rateHz * speed) / 1000;
    const start = Math.min(record.sampleCount - 1, Math.round(fromS * record.rateHz));
    const end = loop ? Number.POSITIVE_INFINITY : record.sampleCount - start;
    // `start` returns before the first samples come.
    await nextTurn();
    const startMs = performance.now();
    const window = new LeadWindow(record, this.#signals);
    let sent = 0;
    let lost = 0;
    while (!this.#isStopped && sent < end) {
      const nowMs = performance.now();
      const due = unpaced ? end : Math.min(end, Math.floor((nowMs - startMs) * perMs));
      if (due <= sent) {
        await this.#pause();
        continue;
      }
      const from = (start + sent) % record.sampleCount;
      const leads = window.stretch(from, Math.min(due - sent, BLOCK, record.sampleCount - from));
      const count = leads[0]!.length;
      const gap = lostAtStart(leads);
      lost += gap;
      // A gap is told with what comes after it; at the very end nothing does.
      if (gap < count) {
        const present = gap === 0 ? leads : leads.map((lead) => lead.subarray(gap));
        handlers.samples(stretch(record, present, sent + gap, lost), nowMs);
        lost = 0;
      }
      sent += count;
      // Timers and sockets get their turn, also at full speed.
      if (unpaced || due - sent > 0) await nextTurn();
    }
    if (this.#isStopped) return;
    this.#say('ended', `The end of ${this.about()}.`);
    handlers.end();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timer.refresh();
    });
  }

  #say(state: SourceState, text: string): void {
    this.#state = state;
    this.#status = text;
    this.#handlers?.status({ state, text, problem: null });
  }
}

function stretch(
  { rateHz }: RecordReader,
  leads: readonly Float32Array[],
  first: number,
  lost: number,
): Samples {
  return { first, rateHz, leads, count: leads[0]!.length, flags: 0, lost };
}
