/** Asks the daemon's doctor and shows its findings, each with what to do. */
import type { Finding } from '@rhythmd/protocol/requests.ts';
import { button, h } from '../../dom.ts';
import type { Stream } from '../stream.ts';

const WORDS: Readonly<Record<Finding['state'], string>> = {
  ok: 'good',
  warning: 'look at it',
  failed: 'wrong',
  unknown: 'unknown',
};

export class Doctor {
  readonly element: HTMLElement;
  readonly #stream: () => Stream;
  readonly #findings = h('ul.findings', { 'aria-live': 'polite' });
  readonly #ask: HTMLButtonElement;

  constructor(stream: () => Stream) {
    this.#stream = stream;
    this.#ask = button('Examine now', () => void this.#examine());
    this.element = h('section.facts-box.doctor', {}, h('h2', {}, 'Doctor'), this.#ask, this.#findings);
  }

  async #examine(): Promise<void> {
    this.#ask.disabled = true;
    this.#findings.replaceChildren(h('li', {}, 'Examining.'));
    try {
      const { findings } = await this.#stream().request('doctor', {});
      this.#findings.replaceChildren(...findings.map(describe));
    } catch (error) {
      this.#findings.replaceChildren(h('li', { 'data-state': 'unknown' }, (error as Error).message));
    } finally {
      this.#ask.disabled = false;
    }
  }
}

function describe({ check, state, text, fix }: Finding): HTMLElement {
  return h(
    'li',
    { 'data-state': state },
    h('b', {}, check),
    h('span.finding-state', {}, WORDS[state]),
    h('p', {}, fix === '' ? `${text}.` : `${text}. ${fix}`),
  );
}
