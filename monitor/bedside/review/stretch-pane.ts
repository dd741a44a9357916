/** Minutes or the hour around the strip: all of it from afar, what it is made of, and what is corrected in it. */
import { button, h, setAttributes } from '../../dom.ts';
import { ClassCounts } from './class-counts.ts';
import type { CorrectPanel } from './correct-panel.ts';
import { Disclosure, type DisclosureMinutes } from './disclosure.ts';
import { PoincarePlot } from './poincare.ts';
import type { ReviewData } from './review-data.ts';

const HOUR_MS = 3600_000;
const MINUTE_MS = 60_000;
const LENGTHS: readonly DisclosureMinutes[] = [5, 60];

export interface StretchParts {
  readonly data: ReviewData;
  readonly correct: CorrectPanel;
  readonly go: (timeMs: number) => void;
  /** Another length was asked for. */
  readonly again: () => void;
}

export class StretchPane {
  readonly element: HTMLElement;
  readonly lengths: ReadonlyMap<DisclosureMinutes, HTMLButtonElement>;
  readonly disclosure: Disclosure;
  readonly #parts: StretchParts;
  readonly #poincare = new PoincarePlot();
  readonly #counts = new ClassCounts();
  #minutes: DisclosureMinutes = 5;
  /** Where it stands now: it is not fetched again for a step inside. */
  #fromMs: number | null = null;
  /** Where it stays when it is read again. */
  #keptFromMs: number | null = null;

  constructor(parts: StretchParts) {
    this.#parts = parts;
    this.disclosure = new Disclosure(parts.go);
    this.lengths = new Map(
      LENGTHS.map((minutes) => [
        minutes,
        button(minutes === 60 ? '1 hour' : `${minutes} minutes`, () => {
          this.#minutes = minutes;
          this.forget();
          parts.again();
        }),
      ]),
    );
    this.element = h(
      'div.review-columns',
      {},
      this.disclosure.element,
      h(
        'aside',
        { 'aria-label': 'What it is made of' },
        h('h2', {}, 'Beats in this stretch'),
        this.#counts.element,
        h('h2', {}, 'Beats that look alike'),
        parts.correct.element,
        this.#poincare.element,
      ),
    );
  }

  /** null: nothing is shown. */
  get span(): { readonly fromMs: number; readonly toMs: number } | null {
    const fromMs = this.#fromMs;
    return fromMs === null ? null : { fromMs, toMs: fromMs + this.#minutes * MINUTE_MS };
  }

  /** It is fetched anew with the next moment that is shown. */
  forget(): void {
    this.#fromMs = null;
    this.#keptFromMs = null;
  }

  /** The same, and it stays where it is. */
  forgetHere(): void {
    this.#keptFromMs = this.#fromMs;
    this.#fromMs = null;
  }

  /** @param isCurrent asked when all of it has come: something else may have been asked for meanwhile */
  async show(timeMs: number, isCurrent: () => boolean): Promise<void> {
    for (const [minutes, control] of this.lengths) {
      setAttributes(control, { 'aria-pressed': String(minutes === this.#minutes) });
    }
    const shown = this.span;
    if (shown !== null && timeMs >= shown.fromMs && timeMs < shown.toMs) return;
    const fromMs = this.#beginning(timeMs);
    const toMs = fromMs + this.#minutes * MINUTE_MS;
    const { data, correct } = this.#parts;
    const columns = this.disclosure.columnsFor() * this.#minutes;
    const [outline, beats, templates, corrections] = await Promise.all([
      data.outline(fromMs, toMs, columns),
      data.beats(fromMs, toMs),
      data.templates(fromMs, toMs),
      data.corrections(fromMs, toMs),
    ]);
    if (!isCurrent()) return;
    this.#fromMs = fromMs;
    this.#keptFromMs = null;
    this.disclosure.show({ fromMs, minutes: this.#minutes, outline, beats });
    const { timesMs, labels, rhythms } = beats;
    correct.show({
      fromMs,
      toMs,
      templates,
      beats: timesMs.map((at, i) => ({ timeMs: at, label: labels[i] ?? null })),
      rhythms: rhythms.filter(({ timeMs: at, name }) => at >= fromMs && name !== 'N'),
      corrections,
    });
    this.#poincare.show(beats);
    this.#counts.show(labels);
  }

  #beginning(timeMs: number): number {
    // Kept until it is shown: of two that read it again only the later one is.
    const kept = this.#keptFromMs;
    if (kept !== null && timeMs >= kept && timeMs < kept + this.#minutes * MINUTE_MS) return kept;
    if (this.#minutes === 60) return Math.floor(timeMs / HOUR_MS) * HOUR_MS;
    return Math.round((timeMs - (this.#minutes * MINUTE_MS) / 2) / 1000) * 1000;
  }
}
