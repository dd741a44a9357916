/** The last beats, ours beside the reference's: what agrees, what is missed, what is extra, what is named otherwise. */
import type { BeatEvent } from '@rhythmd/protocol/events.ts';
import type { BenchState } from '@rhythmd/protocol/requests.ts';
import { h } from '../../dom.ts';
import type { LiveSignal } from '../../signal/live-signal.ts';
import { classOf } from '../../strip/strip-signal.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import { isSameClass, matchBeats, type ReferenceBeat } from './match-beats.ts';

/** Behind the newest sample: verdicts come with the next beat. */
const SETTLE_S = 3;
const SHOWN_S = 20;

export class ReferenceTable {
  readonly element: HTMLElement;
  readonly #signal: LiveSignal;
  readonly #body = h('tbody');
  readonly #summary = h('p.reference-summary');
  #record: string | null = null;
  #beats: readonly ReferenceBeat[] = [];

  constructor(signal: LiveSignal) {
    this.#signal = signal;
    this.element = h(
      'section.reference',
      {},
      h('h2', {}, 'Reference beside ours, last 20 seconds'),
      this.#summary,
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...['Time', 'Reference', 'Ours', 'Apart'].map((word) => h('th', { scope: 'col' }, word)),
          ),
        ),
        this.#body,
      ),
    );
  }

  async load(state: BenchState): Promise<void> {
    if (state.record === this.#record) return;
    this.#record = state.record;
    this.#beats = [];
    if (state.record === null) return;
    const response = await fetch(`api/reference/${encodeURIComponent(state.record)}`);
    if (!response.ok) return;
    const { samples, labels } = (await response.json()) as { samples: number[]; labels: string[] };
    this.#beats = samples.map((sample, i) => ({ sample, label: labels[i]! }));
  }

  draw(state: BenchState): void {
    if (state.origin_sample === null) return;
    const rate = this.#signal.rateHz;
    const to = this.#signal.end - SETTLE_S * rate;
    const from = to - SHOWN_S * rate;
    const length = state.duration_s === null ? Number.POSITIVE_INFINITY : Math.round(state.duration_s * rate);
    const loop =
      Math.floor((to - state.origin_sample) / length) * (Number.isFinite(length) ? length : 0) || 0;
    const shift = state.origin_sample + loop;
    const reference = this.#beats
      .map(({ sample, label }) => ({ sample: sample + shift, label }))
      .filter(({ sample }) => sample >= from && sample < to);
    const ours = this.#signal.beats.items.filter(({ sample }) => sample >= from && sample < to);
    const pairs = matchBeats(reference, ours, Math.round(0.15 * rate));
    const agreed = pairs.filter(
      ({ theirs, mine }) => theirs && mine && isSameClass(theirs.label, mine.label),
    ).length;
    this.#summary.textContent =
      this.#beats.length === 0
        ? state.record === null
          ? 'A synthetic patient plays: it has no reference annotations.'
          : 'This record has no reference annotations.'
        : `${agreed} of ${pairs.length} agree in place and class.`;
    this.#body.replaceChildren(
      ...pairs
        .slice(-14)
        .reverse()
        .map((pair) => row(pair, shift, rate)),
    );
  }
}

function row(
  pair: ReturnType<typeof matchBeats<BeatEvent>>[number],
  shift: number,
  rate: number,
): HTMLElement {
  const { theirs, mine } = pair;
  const seconds = ((theirs ?? mine)!.sample - shift) / rate;
  const key = mine ? classOf(mine) : null;
  const same = theirs && mine && isSameClass(theirs.label, mine.label);
  const apart =
    theirs && mine
      ? `${Math.round(((mine.sample - theirs.sample) / rate) * 1000)} ms`
      : theirs
        ? 'missed'
        : 'extra';
  return h(
    'tr',
    { 'data-agrees': same ? 'yes' : 'no' },
    h('td', {}, `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(2).padStart(5, '0')}`),
    h('td', { 'data-class': theirs?.label ?? '' }, theirs ? letter(theirs.label) : '--'),
    h('td', { 'data-class': key ?? '' }, key ? CLASS_LOOKS[key].letter : '--'),
    h('td', {}, same || !theirs || !mine ? apart : `${apart}, other class`),
  );
}

function letter(label: string): string {
  return label in CLASS_LOOKS ? CLASS_LOOKS[label as keyof typeof CLASS_LOOKS].letter : label;
}
