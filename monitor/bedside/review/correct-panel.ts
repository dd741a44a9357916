/**
 * Correcting what the program called a beat, a group of beats that look alike, or a rhythm. By mouse and by keys: choose, name,
 * and the next one that nobody has looked at is chosen.
 */
import { REVIEW_LABELS } from '@rhythmd/ecg/review/corrections.ts';
import { button, h, setText } from '../../dom.ts';
import { pressedKey } from '../keys.ts';
import type { Stream } from '../stream.ts';
import { CorrectForm, type CorrectLabel } from './correct-form.ts';
import {
  beatFrom,
  type ReviewBeat,
  rhythmFrom,
  sameTarget,
  type Target,
  targetBody,
  targetWords,
} from './correct-target.ts';
import { type CorrectAction, correctionWords, doneWords } from './correct-words.ts';
import type { ReviewCorrections, ReviewRhythm } from './review-data.ts';
import { type ReviewTemplate, TemplatePlots } from './template-plots.ts';

export interface CorrectStretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly templates: readonly ReviewTemplate[];
  readonly beats: readonly ReviewBeat[];
  readonly rhythms: readonly ReviewRhythm[];
  readonly corrections: ReviewCorrections;
}

export interface CorrectParts {
  readonly stream: () => Stream;
  /** Shows a moment in the strip. */
  readonly go: (timeMs: number) => Promise<void>;
  /** Reads the stretch again, here or after it. */
  readonly reload: () => Promise<void>;
  readonly next: (direction: number) => Promise<void>;
  /** The moment in the middle of the strip; null: there is no strip. */
  readonly middleMs: () => number | null;
}

const ADVICE = 'Choose beats that look alike, a beat or a rhythm.';
const LISTED = 8;

export class CorrectPanel {
  readonly element: HTMLElement;
  readonly plots = new TemplatePlots((template) => this.#aim({ kind: 'template', template }));
  readonly #parts: CorrectParts;
  readonly #form = new CorrectForm((action, label) => void this.#do(action, label));
  readonly #progress = h('p.progress', {});
  readonly #target = h('p.target', { 'aria-live': 'polite', tabindex: -1 }, ADVICE);
  readonly #said = h('p.said', { role: 'status' });
  readonly #list = h('ol.corrections', { 'aria-label': 'Corrections of this stretch' });
  #stretch: CorrectStretch | null = null;
  #aimed: Target | null = null;
  #isBusy = false;

  constructor(parts: CorrectParts) {
    this.#parts = parts;
    this.element = h(
      'section.correct',
      { 'aria-label': 'Correct' },
      this.plots.element,
      h('h2', {}, 'Correct'),
      this.#progress,
      this.#target,
      this.#form.beatButtons,
      this.#form.rhythmButtons,
      h(
        'div.row',
        {},
        button('Beat in the middle', () => this.stepBeat(0), {
          title: 'b; , and . for the one before and after',
        }),
        button('Next rhythm', () => this.nextRhythm(), { title: 'r' }),
        button('Undo', () => void this.undo(), { title: 'u' }),
      ),
      this.#form.who,
      this.#said,
      this.#list,
    );
    this.#aim(null);
  }

  show(stretch: CorrectStretch): void {
    this.#stretch = stretch;
    this.plots.show(stretch.templates);
    const seen = stretch.templates.filter((template) => template.seen).length;
    setText(this.#progress, `${seen} of ${stretch.templates.length} groups of beats looked at`);
    this.#list.replaceChildren(
      ...stretch.corrections.corrections
        .slice(0, LISTED)
        .map((correction) =>
          h('li', { 'data-in-force': String(correction.in_force) }, correctionWords(correction)),
        ),
    );
    // What was aimed at may be called something else by now.
    this.#aim(null);
  }

  /** @returns whether it took the key */
  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const key = pressedKey(event);
    const inPanel = this.element.contains(event.target as Node | null);
    if (key === 't') return this.plots.focusUnseen();
    if (key === 'b') return this.#took(() => this.stepBeat(0));
    if (key === ',' || key === '.') return this.#took(() => this.stepBeat(key === ',' ? -1 : 1));
    if (key === 'r') return this.#took(() => this.nextRhythm());
    if (key === '[' || key === ']') {
      return this.#took(() => void this.#nextStretch(key === '[' ? -1 : 1));
    }
    // Elsewhere the same keys silence alarms.
    return inPanel && this.#keyInPanel(key);
  }

  #keyInPanel(key: string): boolean {
    if (key === 'u') return this.#took(() => void this.undo());
    if (key === 'ArrowRight' || key === 'ArrowLeft') {
      return this.#took(() => this.plots.move(key === 'ArrowRight' ? 1 : -1));
    }
    if (this.#aimed === null) return false;
    if (key === 'c') return this.#took(() => void this.#do('confirm'));
    if (key === 'x' || key === 'Delete') return this.#took(() => void this.#do('reject'));
    const label = REVIEW_LABELS.find((name) => name.toLowerCase() === key);
    if (label === undefined || this.#aimed.kind === 'rhythm') return false;
    return this.#took(() => void this.#do('relabel', label));
  }

  /** The beat nearest to the middle of the strip, or the one before or after the one that is aimed at. */
  stepBeat(step: number): void {
    const beat = beatFrom(this.#stretch?.beats ?? [], this.#aimed, this.#parts.middleMs(), step);
    if (beat === null) return;
    this.#aim({ kind: 'beat', beat });
    void this.#parts.go(beat.timeMs);
  }

  nextRhythm(): void {
    const rhythm = rhythmFrom(this.#stretch?.rhythms ?? [], this.#aimed);
    if (rhythm === null) {
      setText(this.#said, 'No rhythm but the ordinary begins in this stretch.');
      return;
    }
    this.#aim({ kind: 'rhythm', rhythm });
    void this.#parts.go(rhythm.timeMs);
  }

  async undo(): Promise<void> {
    const stretch = this.#stretch;
    if (stretch === null) return;
    await this.#ask(async () => {
      const { fromMs, toMs, corrections } = stretch;
      const body = { from_ms: fromMs, to_ms: toMs, revision: corrections.revision, ...this.#form.by };
      await this.#parts.stream().request('review.undo', body);
      return 'Taken back.';
    });
  }

  async #do(action: CorrectAction, label?: CorrectLabel): Promise<void> {
    const [stretch, aimed] = [this.#stretch, this.#aimed];
    if (stretch === null || aimed === null) return;
    await this.#ask(async () => {
      const { fromMs, toMs, corrections } = stretch;
      const { beats } = await this.#parts.stream().request('review.correct', {
        from_ms: fromMs,
        to_ms: toMs,
        revision: corrections.revision,
        action,
        ...targetBody(aimed),
        ...(label === undefined ? {} : { label }),
        ...this.#form.note,
        ...this.#form.by,
      });
      this.#form.noteIsSaid();
      return doneWords(action, label, beats);
    });
    if (aimed.kind === 'template') {
      this.plots.focusUnseen();
      return;
    }
    const again = sameTarget(aimed, this.#stretch?.beats ?? [], this.#stretch?.rhythms ?? []);
    if (again !== null) this.#aim(again);
    else this.#target.focus({ preventScroll: true });
  }

  /** One at a time; whatever comes of it, what is shown is what there is. */
  async #ask(request: () => Promise<string>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const words = await request();
      await this.#parts.reload();
      setText(this.#said, words);
    } catch (error) {
      await this.#parts.reload();
      setText(this.#said, (error as Error).message);
    } finally {
      this.#isBusy = false;
    }
  }

  async #nextStretch(direction: number): Promise<void> {
    await this.#parts.next(direction);
    this.plots.focusUnseen();
  }

  #took(act: () => void): boolean {
    act();
    return true;
  }

  #aim(target: Target | null): void {
    this.#aimed = target;
    this.plots.mark(target?.kind === 'template' ? target.template.id : null);
    this.#form.aim(target);
    setText(this.#target, target === null ? ADVICE : targetWords(target));
    if (target?.kind === 'template') void this.#parts.go(target.template.first_t_ms);
    else if (target !== null) this.#target.focus({ preventScroll: true });
  }
}
