/**
 * Correcting what the program called a beat, a group of beats that look alike, or a rhythm. By mouse and by keys: choose, name,
 * and the next one that nobody has looked at is chosen.
 */
import { REVIEW_LABELS, REVIEW_RHYTHMS } from '@rhythmd/ecg/review/corrections.ts';
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import type { RequestBody } from '@rhythmd/protocol/requests.ts';
import { button, h, setText } from '../../dom.ts';
import { classIcon } from '../../numbers/class-icon.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import { clockTime } from '../../time.ts';
import type { Stream } from '../stream.ts';
import type { ReviewCorrections, ReviewRhythm } from './review-data.ts';
import { type ReviewTemplate, TemplatePlots } from './template-plots.ts';

type Action = RequestBody<'review.correct'>['action'];
type Label = NonNullable<RequestBody<'review.correct'>['label']>;

interface ReviewBeat {
  readonly timeMs: number;
  readonly label: BeatLabel | null;
}

type Target =
  | { readonly kind: 'template'; readonly template: ReviewTemplate }
  | { readonly kind: 'beat'; readonly beat: ReviewBeat }
  | { readonly kind: 'rhythm'; readonly rhythm: ReviewRhythm };

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
const RHYTHM_WORDS: Readonly<Record<string, string>> = {
  N: 'none of these',
  AFIB: 'atrial fibrillation',
  AFL: 'atrial flutter',
  SVTA: 'supraventricular tachyarrhythmia',
  B: 'ventricular bigeminy',
  T: 'ventricular trigeminy',
  VT: 'ventricular tachycardia or run',
  IVR: 'idioventricular rhythm',
  VFL: 'ventricular flutter or fibrillation',
  NOD: 'nodal rhythm',
  P: 'paced rhythm',
  BII: 'second degree heart block',
};

export class CorrectPanel {
  readonly element: HTMLElement;
  readonly plots = new TemplatePlots((template) => this.#aim({ kind: 'template', template }));
  readonly #parts: CorrectParts;
  readonly #progress = h('p.progress', {});
  readonly #target = h('p.target', { 'aria-live': 'polite', tabindex: -1 }, ADVICE);
  readonly #said = h('p.said', { role: 'status' });
  readonly #beatButtons = h('div.answers', { role: 'group', 'aria-label': 'These beats are' });
  readonly #rhythmChoice = h('select', { 'aria-label': 'The rhythm is' });
  readonly #rhythmButtons: HTMLElement;
  readonly #name = h('input', {
    type: 'text',
    maxlength: 40,
    autocomplete: 'name',
    'aria-label': 'Your name',
  });
  readonly #note = h('input', { type: 'text', maxlength: 200, 'aria-label': 'Note' });
  readonly #list = h('ol.corrections', { 'aria-label': 'Corrections of this stretch' });
  #stretch: CorrectStretch | null = null;
  #aimed: Target | null = null;
  #isBusy = false;

  constructor(parts: CorrectParts) {
    this.#parts = parts;
    for (const label of REVIEW_LABELS) {
      const { letter, name } = CLASS_LOOKS[label];
      const own = button('', () => void this.#do('relabel', label), {
        title: `${name} (${letter.toLowerCase()})`,
        'aria-label': name,
        'data-answer': label,
      });
      own.append(classIcon(label), h('b', {}, letter));
      this.#beatButtons.append(own);
    }
    this.#beatButtons.append(
      button('Confirm', () => void this.#do('confirm'), { title: 'It is what it is called (c)' }),
      button('No beat', () => void this.#do('reject'), { title: 'x' }),
    );
    this.#rhythmChoice.append(
      ...REVIEW_RHYTHMS.map((name) => h('option', { value: name }, RHYTHM_WORDS[name] ?? name)),
    );
    this.#rhythmButtons = h(
      'div.answers',
      { role: 'group', 'aria-label': 'This rhythm is' },
      this.#rhythmChoice,
      button('Rename', () => void this.#do('relabel', this.#rhythmChoice.value as Label)),
      button('Confirm', () => void this.#do('confirm')),
      button('Not that rhythm', () => void this.#do('reject')),
    );
    this.element = h(
      'section.correct',
      { 'aria-label': 'Correct' },
      this.plots.element,
      h('h2', {}, 'Correct'),
      this.#progress,
      this.#target,
      this.#beatButtons,
      this.#rhythmButtons,
      h(
        'div.row',
        {},
        button('Beat in the middle', () => this.stepBeat(0), {
          title: 'b; , and . for the one before and after',
        }),
        button('Next rhythm', () => this.nextRhythm(), { title: 'r' }),
        button('Undo', () => void this.undo(), { title: 'u' }),
      ),
      h('div.row', {}, h('label', {}, 'Your name ', this.#name), h('label', {}, 'Note ', this.#note)),
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
      ...stretch.corrections.corrections.slice(0, 8).map((correction) => {
        const { action, beats, label, by, t_ms, note, in_force } = correction;
        const what = beats === 0 ? 'a rhythm' : `${beats} beat${beats === 1 ? '' : 's'}`;
        const done = action === 'relabel' ? `is ${label}` : action === 'confirm' ? 'confirmed' : 'rejected';
        const words = `${clockTime(t_ms)} ${what} ${done}${by === null ? '' : `, ${by}`}${note === null ? '' : `: ${note}`}`;
        return h('li', { 'data-in-force': String(in_force) }, in_force ? words : `${words} (taken back)`);
      }),
    );
    // What was aimed at may be called something else by now.
    this.#aim(null);
  }

  /** @returns whether it took the key */
  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const inPanel = this.element.contains(event.target as Node | null);
    if (event.key === 't') return this.plots.focusUnseen();
    if (event.key === 'b') return this.#took(() => this.stepBeat(0));
    if (event.key === ',' || event.key === '.')
      return this.#took(() => this.stepBeat(event.key === ',' ? -1 : 1));
    if (event.key === 'r') return this.#took(() => this.nextRhythm());
    if (event.key === '[' || event.key === ']') {
      return this.#took(() => void this.#nextStretch(event.key === '[' ? -1 : 1));
    }
    // Elsewhere the same keys silence alarms.
    if (!inPanel) return false;
    if (event.key === 'u') return this.#took(() => void this.undo());
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      return this.#took(() => this.plots.move(event.key === 'ArrowRight' ? 1 : -1));
    }
    if (this.#aimed === null) return false;
    if (event.key === 'c') return this.#took(() => void this.#do('confirm'));
    if (event.key === 'x' || event.key === 'Delete') return this.#took(() => void this.#do('reject'));
    const label = REVIEW_LABELS.find((name) => name.toLowerCase() === event.key);
    if (label === undefined || this.#aimed.kind === 'rhythm') return false;
    return this.#took(() => void this.#do('relabel', label));
  }

  /** The beat nearest to the middle of the strip, or the one before or after the one that is aimed at. */
  stepBeat(step: number): void {
    const beats = this.#stretch?.beats ?? [];
    const aimed = this.#aimed;
    const fromMs = aimed?.kind === 'beat' ? aimed.beat.timeMs : this.#parts.middleMs();
    if (fromMs === null || beats.length === 0) return;
    const nearest = beats.reduce((best, beat) =>
      Math.abs(beat.timeMs - fromMs) < Math.abs(best.timeMs - fromMs) ? beat : best,
    );
    const at = beats.indexOf(nearest) + (aimed?.kind === 'beat' ? step : 0);
    const beat = beats[Math.max(0, Math.min(beats.length - 1, at))]!;
    this.#aim({ kind: 'beat', beat });
    void this.#parts.go(beat.timeMs);
  }

  nextRhythm(): void {
    const rhythms = this.#stretch?.rhythms ?? [];
    if (rhythms.length === 0) {
      setText(this.#said, 'No rhythm but the ordinary begins in this stretch.');
      return;
    }
    const aimed = this.#aimed;
    const at = aimed?.kind === 'rhythm' ? rhythms.findIndex(({ timeMs }) => timeMs > aimed.rhythm.timeMs) : 0;
    const rhythm = rhythms[Math.max(0, at)]!;
    this.#rhythmChoice.value = (REVIEW_RHYTHMS as readonly string[]).includes(rhythm.name)
      ? rhythm.name
      : 'N';
    this.#aim({ kind: 'rhythm', rhythm });
    void this.#parts.go(rhythm.timeMs);
  }

  async undo(): Promise<void> {
    const stretch = this.#stretch;
    if (stretch === null) return;
    await this.#ask(async () => {
      const { fromMs, toMs, corrections } = stretch;
      const body = { from_ms: fromMs, to_ms: toMs, revision: corrections.revision, ...this.#by() };
      await this.#parts.stream().request('review.undo', body);
      return 'Taken back.';
    });
  }

  async #do(action: Action, label?: Label): Promise<void> {
    const [stretch, aimed] = [this.#stretch, this.#aimed];
    if (stretch === null || aimed === null) return;
    await this.#ask(async () => {
      const { fromMs, toMs, corrections } = stretch;
      const note = this.#note.value.trim();
      const { beats } = await this.#parts.stream().request('review.correct', {
        from_ms: fromMs,
        to_ms: toMs,
        revision: corrections.revision,
        action,
        ...targetOf(aimed),
        ...(label === undefined ? {} : { label }),
        ...(note === '' ? {} : { note }),
        ...this.#by(),
      });
      this.#note.value = '';
      const what = beats === 0 ? 'The rhythm is' : `${beats} beat${beats === 1 ? ' is' : 's are'}`;
      const done =
        action === 'relabel' ? `called ${label} now` : action === 'confirm' ? 'confirmed' : 'rejected';
      return `${what} ${done}.`;
    });
    if (aimed.kind === 'template') this.plots.focusUnseen();
    else this.#aimAgain(aimed);
  }

  /** The same beat or rhythm, as it is called now; what is none any more is not aimed at. */
  #aimAgain(aimed: Target): void {
    const beats = this.#stretch?.beats ?? [];
    const rhythms = this.#stretch?.rhythms ?? [];
    const beat = aimed.kind === 'beat' ? beats.find(({ timeMs }) => timeMs === aimed.beat.timeMs) : undefined;
    const rhythm =
      aimed.kind === 'rhythm' ? rhythms.find(({ timeMs }) => timeMs === aimed.rhythm.timeMs) : undefined;
    if (beat !== undefined) this.#aim({ kind: 'beat', beat });
    else if (rhythm !== undefined) this.#aim({ kind: 'rhythm', rhythm });
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

  #by(): { by?: string } {
    const by = this.#name.value.trim();
    return by === '' ? {} : { by };
  }

  #aim(target: Target | null): void {
    this.#aimed = target;
    this.plots.mark(target?.kind === 'template' ? target.template.id : null);
    this.#rhythmButtons.hidden = target?.kind !== 'rhythm';
    this.#beatButtons.hidden = target?.kind === 'rhythm';
    for (const own of this.#beatButtons.querySelectorAll('button')) own.disabled = target === null;
    setText(this.#target, target === null ? ADVICE : wordsOf(target));
    if (target?.kind === 'template') void this.#parts.go(target.template.first_t_ms);
    else if (target !== null) this.#target.focus({ preventScroll: true });
  }
}

function targetOf(target: Target): { template?: string; beat_t_ms?: number; rhythm_t_ms?: number } {
  switch (target.kind) {
    case 'template':
      return { template: target.template.id };
    case 'beat':
      return { beat_t_ms: target.beat.timeMs };
    case 'rhythm':
      return { rhythm_t_ms: target.rhythm.timeMs };
  }
}

function wordsOf(target: Target): string {
  if (target.kind === 'rhythm') {
    const { name, timeMs } = target.rhythm;
    return `${RHYTHM_WORDS[name] ?? name}, from ${clockTime(timeMs)} on`;
  }
  if (target.kind === 'beat') {
    const { label, timeMs } = target.beat;
    return `One beat at ${clockTime(timeMs)}, called ${CLASS_LOOKS[label ?? 'unclassified'].letter}`;
  }
  const { count, label } = target.template;
  return `${count} beat${count === 1 ? '' : 's'} that look alike, called ${CLASS_LOOKS[label].letter}`;
}
