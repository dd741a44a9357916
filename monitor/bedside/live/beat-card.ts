/** What is known of one beat: by pointing at it, or by stepping through beats with `,` and `.` on a frozen strip. */
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import type { BeatEvent } from '@rhythmd/protocol/events.ts';
import { h } from '../../dom.ts';
import { classIcon } from '../../numbers/class-icon.ts';
import { formatNumber } from '../../numbers/numbers.ts';
import type { LiveSignal } from '../../signal/live-signal.ts';
import { classOf } from '../../strip/strip-signal.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import { clockTime } from '../../time.ts';
import type { LiveStrip } from './live-strip.ts';

const REACH_PX = 14;

export class BeatCard {
  readonly element = h('div.beat-card', { role: 'status', hidden: true });
  readonly #strip: LiveStrip;
  readonly #signal: LiveSignal;
  #shown: BeatEvent | null = null;

  constructor(strip: LiveStrip, signal: LiveSignal) {
    this.#strip = strip;
    this.#signal = signal;
  }

  start(): void {
    const { element } = this.#strip;
    element.append(this.element);
    element.addEventListener('pointermove', (event) => {
      const x = event.clientX - element.getBoundingClientRect().left;
      this.#show(this.#near(x), x);
    });
    element.addEventListener('pointerleave', () => this.hide());
  }

  hide(): void {
    this.#show(null, 0);
  }

  /** The next beat to the right (1) or left (-1) of the one shown, on a frozen strip. */
  step(direction: 1 | -1): void {
    if (!this.#strip.frozen) return;
    const { items } = this.#signal.beats;
    const { from, to } = this.#strip.view;
    const from_ = this.#shown?.sample ?? (direction === 1 ? from - 1 : to);
    const index =
      direction === 1 ? this.#signal.beats.indexFrom(from_ + 1) : this.#signal.beats.indexFrom(from_) - 1;
    const beat = items[index];
    if (beat && beat.sample >= from && beat.sample < to) this.#show(beat, this.#strip.xOf(beat.sample));
  }

  #near(x: number): BeatEvent | null {
    const sample = this.#strip.sampleAt(x);
    if (sample === null) return null;
    const reach = REACH_PX / this.#strip.layout.pixelsPerSample;
    const { beats } = this.#signal;
    let best: BeatEvent | null = null;
    for (let i = beats.indexFrom(sample - reach); i < beats.items.length; i++) {
      const beat = beats.items[i]!;
      if (beat.sample > sample + reach) break;
      if (best === null || Math.abs(beat.sample - sample) < Math.abs(best.sample - sample)) best = beat;
    }
    return best;
  }

  #show(beat: BeatEvent | null, x: number): void {
    if (beat === this.#shown) return;
    this.#shown = beat;
    this.element.hidden = beat === null;
    if (beat === null) return;
    this.element.replaceChildren(...describe(beat));
    const { width, textScale } = this.#strip.layout;
    this.element.style.left = `${Math.max(8, Math.min(width - 238 * textScale, x + 16))}px`;
  }
}

function describe(beat: BeatEvent): HTMLElement[] {
  const key = classOf(beat);
  const { letter, name } = CLASS_LOOKS[key];
  const title = h('p.beat-title', { 'data-class': key }, classIcon(key), `${letter}  ${name}`);
  const facts = [
    beat.p === null ? null : `probability ${beat.p.toFixed(2)}`,
    beat.rr_ms === null ? null : `RR ${formatNumber(beat.rr_ms)} ms`,
    `${beat.amplitude_mv.toFixed(2)} mV`,
    clockTime(beat.t_ms),
  ];
  const list = h('p', {}, facts.filter((fact) => fact !== null).join(' · '));
  if (beat.probabilities === null) return [title, list];
  const named = BEAT_LABELS.filter((label) => beat.probabilities![label] !== undefined);
  const rows = named.map((label) => {
    const p = beat.probabilities![label]!;
    const bar = h('meter', { min: 0, max: 1, value: p, 'aria-hidden': 'true' });
    return h(
      'tr',
      { 'data-class': label },
      h('th', { scope: 'row' }, CLASS_LOOKS[label].letter),
      h('td', {}, bar),
      h('td', {}, p.toFixed(2)),
    );
  });
  return [title, list, h('table', {}, h('tbody', {}, ...rows))];
}
