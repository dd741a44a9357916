/**
 * The bench, when the source is a replay: which record, how fast, where, and what to break. The reference
 * annotations stand beside ours on a strip of the recorded seconds around now.
 */
import type { BenchState, RequestBody, RequestVerb } from '@rhythmd/protocol/requests.ts';
import { button, h, setText } from '../../dom.ts';
import type { LiveSignal } from '../../signal/live-signal.ts';
import type { View } from '../shell.ts';
import type { Stream } from '../stream.ts';
import { ReferenceTable } from './reference-table.ts';

const REFRESH_MS = 1000;
const NO_RECORDS =
  'No record is there to be played. `npm run records -- fetch` brings those of the MIT-BIH database; `records.folders` of the configuration names the folders that are looked in.';

type BenchVerb = Extract<RequestVerb, `bench${string}`>;

export class BenchView implements View {
  readonly name = 'bench';
  readonly title = 'Bench';
  readonly element: HTMLElement;
  readonly #stream: () => Stream;
  readonly #signal: LiveSignal;
  readonly #record = h('select', { name: 'record' });
  readonly #speed = h('select', { name: 'speed' });
  readonly #seek = h('input', {
    type: 'range',
    min: 0,
    step: 1,
    name: 'position',
    'aria-label': 'Position in the record',
  });
  readonly #position = h('output');
  readonly #faults = h('div.faults');
  readonly #complaint = h('p.complaint', { role: 'alert' });
  /** What was asked, as soon as it was, and what came of it. */
  readonly #said = h('p.bench-said', { role: 'status' });
  readonly #noRecords = h('p.empty', { hidden: true });
  readonly #traceBox = h('div.bench-trace');
  readonly #trace: HTMLElement;
  readonly #reference: ReferenceTable;
  #state: BenchState | null = null;
  #timer = 0;
  #seeking = false;

  /** @param trace the live strip: it is here as long as this view is */
  constructor(stream: () => Stream, signal: LiveSignal, trace: HTMLElement) {
    this.#stream = stream;
    this.#trace = trace;
    this.#signal = signal;
    this.#reference = new ReferenceTable(signal);
    this.#record.addEventListener(
      'change',
      () => void this.#ask('bench.play', { record: this.#record.value }, `record ${this.#record.value}`),
    );
    this.#speed.addEventListener(
      'change',
      () => void this.#ask('bench.speed', { speed: Number(this.#speed.value) }, `${this.#speed.value}x`),
    );
    this.#seek.addEventListener('input', () => {
      this.#seeking = true;
      setText(this.#position, clock(Number(this.#seek.value)));
    });
    this.#seek.addEventListener('change', () => {
      this.#seeking = false;
      const seconds = Number(this.#seek.value);
      void this.#ask('bench.seek', { seconds }, clock(seconds));
    });
    this.element = h(
      'div.bench-view',
      {},
      h(
        'section.bench-controls',
        {},
        h('label', {}, h('span', {}, 'Record'), this.#record),
        h('label', {}, h('span', {}, 'Speed'), this.#speed),
        h('label.position', {}, h('span', {}, 'Position'), this.#seek, this.#position),
      ),
      h('section.bench-faults', {}, h('h2', {}, 'Break something'), this.#faults),
      this.#said,
      this.#noRecords,
      this.#complaint,
      h('div.bench-columns', {}, this.#traceBox, this.#reference.element),
    );
  }

  /** The connection is there (again): ask what plays. */
  connected(): void {
    if (this.element.isConnected) void this.#ask('bench', {});
  }

  show(): void {
    this.#traceBox.append(this.#trace);
    this.connected();
    this.#timer = window.setInterval(() => this.#tick(), REFRESH_MS);
  }

  hide(): void {
    window.clearInterval(this.#timer);
  }

  /** @param wish in words; left out: nothing is to be changed */
  async #ask<V extends BenchVerb>(verb: V, body: RequestBody<V>, wish?: string): Promise<void> {
    if (wish !== undefined) setText(this.#said, `Asked for ${wish} …`);
    try {
      const state = await this.#stream().request(verb, body);
      setText(this.#complaint, '');
      if (wish !== undefined) setText(this.#said, `Playing: ${wish}`);
      this.#show(state);
    } catch (error) {
      setText(this.#said, '');
      setText(this.#complaint, (error as Error).message);
    }
  }

  #show(state: BenchState): void {
    this.#state = state;
    fill(this.#record, state.records, state.record ?? '', (name) => `Record ${name}`);
    fill(this.#speed, state.speeds.map(String), String(state.speed), (speed) => `${speed}x`);
    this.#seek.max = String(Math.floor(state.duration_s ?? 0));
    this.#seek.disabled = state.duration_s === null || state.origin_sample === null;
    this.#showFaults(state.faults);
    this.#noRecords.hidden = state.records.length > 0;
    setText(this.#noRecords, NO_RECORDS);
    void this.#reference.load(state);
    this.#drawPosition();
  }

  /** Made once: a button that is made anew loses the focus of whoever stands on it. */
  #showFaults(faults: readonly string[]): void {
    if (this.#faults.childElementCount === faults.length) return;
    this.#faults.replaceChildren(
      ...faults.map((fault) => {
        const words = fault.replaceAll('-', ' ');
        return button(words, () => void this.#ask('bench.fault', { fault }, `${words}, in two seconds`));
      }),
    );
  }

  /** Once a second. A tape just put in has no place yet: that is known when its samples come. */
  #tick(): void {
    if (this.#state?.origin_sample === null) this.connected();
    this.#drawPosition();
  }

  #drawPosition(): void {
    const state = this.#state;
    if (!state || state.origin_sample === null) return;
    const seconds = (this.#signal.end - state.origin_sample) / this.#signal.rateHz;
    const inRecord = state.duration_s ? seconds % state.duration_s : seconds;
    if (!this.#seeking) {
      this.#seek.value = String(Math.floor(inRecord));
      setText(this.#position, `${clock(inRecord)} of ${clock(state.duration_s ?? 0)}`);
    }
    this.#reference.draw(state);
  }
}

function fill(
  select: HTMLSelectElement,
  values: readonly string[],
  chosen: string,
  describe: (v: string) => string,
): void {
  if (select.options.length !== values.length) {
    select.replaceChildren(...values.map((value) => h('option', { value }, describe(value))));
  }
  select.value = chosen;
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
