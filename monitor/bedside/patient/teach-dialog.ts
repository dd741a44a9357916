/** A dozen doubtful beats, one click each, and who says so. */

import { createDialog } from '../../dialog.ts';
import { button, h, setText } from '../../dom.ts';
import type { Stream } from '../stream.ts';
import { QuestionCard } from './question-card.ts';

export class TeachDialog {
  readonly #stream: () => Stream;
  readonly #dialog: HTMLDialogElement;
  readonly #list = h('ol.questions');
  readonly #words = h('p.said', { role: 'status' });
  readonly #name = h('input', {
    type: 'text',
    maxlength: 40,
    autocomplete: 'name',
    'aria-label': 'Your name',
  });
  readonly #teach: HTMLButtonElement;
  #cards: QuestionCard[] = [];

  constructor(stream: () => Stream) {
    this.#stream = stream;
    this.#teach = button('Teach', () => void this.#send(), { disabled: true });
    this.#dialog = createDialog(
      'What are these beats?',
      h(
        'p',
        {},
        'The beats of the last minutes that the network is least sure of. What you say moves its verdicts for this patient only, and can be undone.',
      ),
      this.#list,
      h(
        'div.row',
        {},
        h('label', {}, 'Your name', this.#name),
        this.#teach,
        button('Ask again', () => void this.open()),
      ),
      this.#words,
    );
    this.#dialog.classList.add('teach');
  }

  /** Asks for the doubtful beats, each time anew. */
  async open(): Promise<void> {
    this.#show([]);
    setText(this.#words, 'Asking …');
    if (!this.#dialog.open) this.#dialog.showModal();
    try {
      const { beats } = await this.#stream().request('teach.beats', {});
      this.#show(beats.map((question, i) => new QuestionCard(question, i + 1, () => this.#count())));
      this.#count();
    } catch (error) {
      setText(this.#words, (error as Error).message);
    }
  }

  close(): void {
    this.#dialog.close();
  }

  #show(cards: QuestionCard[]): void {
    this.#cards = cards;
    this.#list.replaceChildren(...cards.map(({ element }) => element));
    this.#teach.disabled = true;
  }

  #count(): void {
    const said = this.#cards.filter(({ answer }) => answer !== null).length;
    this.#teach.disabled = said === 0;
    setText(this.#words, `${said} of ${this.#cards.length} answered; what is left open is not used`);
  }

  async #send(): Promise<void> {
    const by = this.#name.value.trim();
    const beats = this.#cards.flatMap(({ id, answer }) => (answer === null ? [] : [{ id, answer }]));
    this.#teach.disabled = true;
    try {
      await this.#stream().request('teach', { beats, ...(by === '' ? {} : { by }) });
      this.close();
    } catch (error) {
      setText(this.#words, (error as Error).message);
      this.#teach.disabled = false;
    }
  }
}
