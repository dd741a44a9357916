/** The numbers beside the strip. Unknown is `--`, never 0; the heart rate is readable from across the room. */
import { BEAT_LABELS, type BeatLabel, EC57_LABELS } from '@rhythmd/ecg/types.ts';
import type { BeatEvent, LeadEvent, VitalsEvent } from '@rhythmd/protocol/events.ts';
import { h, setText } from '../dom.ts';
import { CLASS_LOOKS } from '../style/class-looks.ts';
import { classIcon } from './class-icon.ts';

export const UNKNOWN = '--';

export function formatNumber(value: number | null | undefined, digits = 0): string {
  return value === null || value === undefined || !Number.isFinite(value) ? UNKNOWN : value.toFixed(digits);
}

export class Numbers {
  readonly element = h('section.numbers', { 'aria-label': 'Numbers' });
  readonly #rate = h('output.rate', {}, UNKNOWN);
  readonly #pulse = h('span.pulse', { 'aria-hidden': 'true' });
  readonly #rr = h('span', {}, UNKNOWN);
  readonly #sdnn = h('span', {}, UNKNOWN);
  readonly #ectopic = h('span', {}, UNKNOWN);
  readonly #quality = h('span', {}, UNKNOWN);
  readonly #delay = h('span', {}, UNKNOWN);
  readonly #supraventricular = h('span', {}, UNKNOWN);
  readonly #counts = new Map(BEAT_LABELS.map((label) => [label, h('td', {}, UNKNOWN)]));
  readonly #classes = h('tbody');

  /** @param tool stands beside the heart rate, and is part of it */
  constructor(tool: HTMLElement | null = null) {
    this.element.append(
      h(
        'div.heart-rate',
        {},
        h('h2', {}, 'Heart rate', this.#pulse),
        h('p', {}, this.#rate, h('span.unit', {}, 'bpm')),
        tool,
      ),
      h(
        'dl.values',
        {},
        ...this.#row('RR interval', this.#rr, 'ms'),
        ...this.#row('SDNN', this.#sdnn, 'ms'),
        ...this.#row('Ventricular (V, F)', this.#ectopic, '/min'),
        ...this.#row('Supraventricular (S)', this.#supraventricular, '/min'),
        ...this.#row('Signal quality', this.#quality, '%'),
        ...this.#row('Analysis delay', this.#delay, 'ms'),
      ),
      h('table.classes', {}, h('caption', {}, 'Beats in the last minute'), this.#classes),
    );
    this.labels(EC57_LABELS);
  }

  vitals(event: VitalsEvent | null): void {
    const beats = event?.beats_per_min ?? null;
    setText(this.#rate, formatNumber(event?.hr_bpm));
    setText(this.#rr, formatNumber(event?.rr_ms));
    setText(this.#sdnn, formatNumber(event?.sdnn_ms));
    setText(this.#ectopic, formatNumber(beats && (beats.V ?? 0) + (beats.F ?? 0)));
    setText(this.#supraventricular, formatNumber(beats?.S));
    setText(this.#quality, formatNumber(event?.quality === null || !event ? null : event.quality * 100));
    for (const label of BEAT_LABELS) setText(this.#counts.get(label)!, formatNumber(beats?.[label]));
  }

  /** The classes that the model names: the rows of the table. */
  labels(labels: readonly BeatLabel[]): void {
    const rows = labels.map((label) => {
      const { letter, name } = CLASS_LOOKS[label];
      return h(
        'tr',
        { 'data-class': label },
        h('th', { scope: 'row' }, classIcon(label), h('b', {}, letter), h('span', {}, name)),
        this.#counts.get(label)!,
      );
    });
    this.#classes.replaceChildren(...rows);
  }

  beat(event: BeatEvent): void {
    setText(this.#delay, formatNumber(event.latency_ms));
  }

  /** A blink at each R. */
  peak(): void {
    this.#pulse.classList.remove('beat');
    void this.#pulse.offsetWidth;
    this.#pulse.classList.add('beat');
  }

  /** Nothing known any more: the connection or the source is gone. */
  forget(): void {
    this.vitals(null);
    setText(this.#delay, UNKNOWN);
  }

  lead(event: LeadEvent): void {
    this.element.classList.toggle('unsure', !event.connected || event.quality !== 'good');
  }

  /** The numbers as a sentence. */
  sentence(): string {
    const rate = this.#rate.textContent ?? UNKNOWN;
    if (rate === UNKNOWN) return 'ECG waveform, heart rate unknown';
    const ventricular = this.#ectopic.textContent ?? UNKNOWN;
    return `ECG waveform, heart rate ${rate} per minute, ventricular beats in the last minute: ${ventricular}`;
  }

  #row(name: string, value: HTMLElement, unit: string): HTMLElement[] {
    return [h('div', {}, h('dt', {}, name), h('dd', {}, value, h('span.unit', {}, unit)))];
  }
}
