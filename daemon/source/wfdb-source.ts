/** A WFDB record played straight into the pipeline, paced by its own time. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Samples } from '@rhythmd/ecg/types.ts';
import { readRecord, type WfdbRecord } from '@rhythmd/records/read-record.ts';
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
  #record: WfdbRecord | null = null;
  #stopping = new AbortController();
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
    return `record ${record.name} (${record.leadNames.join(', ')}), played from its file`;
  }

  /** @throws E_RECORD_NOT_FOUND and what reading a record throws: a file will not appear by waiting */
  async start(handlers: SourceHandlers): Promise<void> {
    const { record, recordFolders } = this.#options;
    const read = readRecord(record, recordFolders ?? undefined);
    this.#handlers = handlers;
    this.#record = read;
    handlers.description({
      board: 'wfdb',
      rateHz: read.rateHz,
      leadNames: read.leadNames,
      microvoltsPerCount: read.header.signals.map((signal) => 1000 / signal.gain),
      firmware: null,
    });
    this.#say('streaming', `Playing ${this.about()}.`);
    this.#running = this.#play(read, handlers);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    if (this.#state !== 'ended') this.#say('ended', 'Stopped.');
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

  async #play(record: WfdbRecord, handlers: SourceHandlers): Promise<void> {
    const { speed, loop, fromS } = this.#options;
    const { signal } = this.#stopping;
    const unpaced = speed === Number.POSITIVE_INFINITY;
    const perMs = (record.rateHz * speed) / 1000;
    const start = Math.min(record.sampleCount - 1, Math.round(fromS * record.rateHz));
    const end = loop ? Number.POSITIVE_INFINITY : record.sampleCount - start;
    // `start` returns before the first samples come.
    await nextTurn();
    const startMs = performance.now();
    let sent = 0;
    while (!signal.aborted && sent < end) {
      const nowMs = performance.now();
      const due = unpaced ? end : Math.min(end, Math.floor((nowMs - startMs) * perMs));
      if (due <= sent) {
        await sleep(TICK_MS, undefined, { signal }).catch(() => {});
        continue;
      }
      const from = (start + sent) % record.sampleCount;
      const count = Math.min(due - sent, BLOCK, record.sampleCount - from);
      handlers.samples(stretch(record, from, count, sent), nowMs);
      sent += count;
      // Timers and sockets get their turn, also at full speed.
      if (unpaced || due - sent > 0) await nextTurn();
    }
    if (signal.aborted) return;
    this.#say('ended', `The end of ${this.about()}.`);
    handlers.end();
  }

  #say(state: SourceState, text: string): void {
    this.#state = state;
    this.#status = text;
    this.#handlers?.status({ state, text, problem: null });
  }
}

function stretch(record: WfdbRecord, from: number, count: number, first: number): Samples {
  const leads = record.leads.map((lead) => lead.subarray(from, from + count));
  return { first, rateHz: record.rateHz, leads, count, flags: 0, lost: 0 };
}
