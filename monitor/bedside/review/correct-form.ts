/** The controls of a correction: what beats or a rhythm may be called, who says so, and a note. */
import { REVIEW_LABELS, REVIEW_RHYTHMS } from '@rhythmd/ecg/review/corrections.ts';
import type { RequestBody } from '@rhythmd/protocol/requests.ts';
import { button, h } from '../../dom.ts';
import { classIcon } from '../../numbers/class-icon.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import type { Target } from './correct-target.ts';
import { type CorrectAction, rhythmWords } from './correct-words.ts';

export type CorrectLabel = NonNullable<RequestBody<'review.correct'>['label']>;

export class CorrectForm {
  readonly beatButtons = h('div.answers', { role: 'group', 'aria-label': 'These beats are' });
  readonly rhythmButtons: HTMLElement;
  readonly who: HTMLElement;
  readonly #rhythmChoice = h('select', { 'aria-label': 'The rhythm is' });
  readonly #name = h('input', {
    type: 'text',
    maxlength: 40,
    autocomplete: 'name',
    'aria-label': 'Your name',
  });
  readonly #note = h('input', { type: 'text', maxlength: 200, 'aria-label': 'Note' });

  constructor(act: (action: CorrectAction, label?: CorrectLabel) => void) {
    for (const label of REVIEW_LABELS) {
      const { letter, name } = CLASS_LOOKS[label];
      const own = button('', () => act('relabel', label), {
        title: `${name} (${letter.toLowerCase()})`,
        'aria-label': name,
        'data-answer': label,
      });
      own.append(classIcon(label), h('b', {}, letter));
      this.beatButtons.append(own);
    }
    this.beatButtons.append(
      button('Confirm', () => act('confirm'), { title: 'It is what it is called (c)' }),
      button('No beat', () => act('reject'), { title: 'x' }),
    );
    this.#rhythmChoice.append(
      ...REVIEW_RHYTHMS.map((name) => h('option', { value: name }, rhythmWords(name))),
    );
    this.rhythmButtons = h(
      'div.answers',
      { role: 'group', 'aria-label': 'This rhythm is' },
      this.#rhythmChoice,
      button('Rename', () => act('relabel', this.#rhythmChoice.value as CorrectLabel)),
      button('Confirm', () => act('confirm')),
      button('Not that rhythm', () => act('reject')),
    );
    this.who = h(
      'div.row',
      {},
      h('label', {}, 'Your name ', this.#name),
      h('label', {}, 'Note ', this.#note),
    );
  }

  /** Shows what may be said of it. */
  aim(target: Target | null): void {
    this.rhythmButtons.hidden = target?.kind !== 'rhythm';
    this.beatButtons.hidden = target?.kind === 'rhythm';
    for (const own of this.beatButtons.querySelectorAll('button')) own.disabled = target === null;
    if (target?.kind !== 'rhythm') return;
    const { name } = target.rhythm;
    this.#rhythmChoice.value = (REVIEW_RHYTHMS as readonly string[]).includes(name) ? name : 'N';
  }

  get by(): { by?: string } {
    const by = this.#name.value.trim();
    return by === '' ? {} : { by };
  }

  get note(): { note?: string } {
    const note = this.#note.value.trim();
    return note === '' ? {} : { note };
  }

  /** It was said; the next correction has a note of its own. */
  noteIsSaid(): void {
    this.#note.value = '';
  }
}
