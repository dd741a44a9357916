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
  readonly #reference: ReferenceTable;
  #state: BenchState | null = null;
  #timer = 0;
  #seeking = false;

  constructor(stream: () => Stream, signal: LiveSignal) {
    this.#stream = stream;
    this.#signal = signal;
    this.#reference = new ReferenceTable(signal);
    this.#record.addEventListener(
      'change',
      () => void this.#ask('bench.play', { record: this.#record.value }),
    );
    this.#speed.addEventListener(
      'change',
      () => void this.#ask('bench.speed', { speed: Number(this.#speed.value) }),
    );
    this.#seek.addEventListener('input', () => {
      this.#seeking = true;
      setText(this.#position, clock(Number(this.#seek.value)));
    });
    this.#seek.addEventListener('change', () => {
      this.#seeking = false;
      void this.#ask('bench.seek', { seconds: Number(this.#seek.value) });
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
      this.#complaint,
      this.#reference.element,
    );
  }

  /** The connection is there (again): ask what plays. */
  connected(): void {
    if (this.element.isConnected) void this.#ask('bench', {});
  }

  show(): void {
    this.connected();
    this.#timer = window.setInterval(() => this.#tick(), REFRESH_MS);
  }

  hide(): void {
    window.clearInterval(this.#timer);
  }

  async #ask<V extends BenchVerb>(verb: V, body: RequestBody<V>): Promise<void> {
    try {
      const state = await this.#stream().request(verb, body);
      setText(this.#complaint, '');
      this.#show(state);
    } catch (error) {
      setText(this.#complaint, (error as Error).message);
    }
  }

  #show(state: BenchState): void {
    this.#state = state;
    fill(this.#record, state.records, state.record ?? '', (name) => `Record ${name}`);
    fill(this.#speed, state.speeds.map(String), String(state.speed), (speed) => `${speed}x`);
    this.#seek.max = String(Math.floor(state.duration_s ?? 0));
    this.#seek.disabled = state.duration_s === null || state.origin_sample === null;
    this.#faults.replaceChildren(
      ...state.faults.map((fault) =>
        button(fault.replaceAll('-', ' '), () => void this.#ask('bench.fault', { fault })),
      ),
    );
    void this.#reference.load(state);
    this.#drawPosition();
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
