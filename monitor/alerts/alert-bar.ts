/** The place where alerts appear, always there so that nothing moves when one comes. */
import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import { button, h } from '../dom.ts';
import type { AlertBook } from './alert-book.ts';
import { priorityIcon, sentence } from './alert-look.ts';

export interface AlertActions {
  acknowledge(alert: AlertEvent): void;
  /** All of them, for two minutes. */
  silence(): void;
  open(alert: AlertEvent): void;
}

export class AlertBar {
  readonly element = h('section.alert-bar', { 'aria-label': 'Active alerts' });
  readonly #live = h('div.alert-words', { role: 'alert' });
  readonly #actions = h('div.alert-actions');
  readonly #book: AlertBook;
  readonly #do: AlertActions;
  #shown = '';

  constructor(book: AlertBook, actions: AlertActions) {
    this.#book = book;
    this.#do = actions;
    this.element.append(this.#live, this.#actions);
    book.watch(() => this.#draw());
    this.#draw();
  }

  /** Why what was asked was not done. */
  complain(words: string): void {
    this.#shown = '';
    this.#draw();
    this.#live.append(h('span.complaint', {}, words));
  }

  #draw(): void {
    const active = this.#book.active;
    const top = active.find((alert) => !alert.acknowledged) ?? active[0] ?? null;
    const key = JSON.stringify([top?.id, top?.text, top?.acknowledged, top?.silenced, active.length]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.dataset.priority = top && !top.acknowledged ? top.priority : 'none';
    if (!top) {
      this.#live.replaceChildren(h('span.quiet', {}, 'No active alerts'));
      this.#actions.replaceChildren();
      return;
    }
    const more = active.length > 1 ? h('span.more', {}, `and ${active.length - 1} more`) : null;
    const state = top.acknowledged ? 'acknowledged' : top.silenced ? 'silenced' : '';
    this.#live.replaceChildren(priorityIcon(top.priority), h('strong', {}, sentence(top.text)));
    if (state !== '') this.#live.append(h('span.more', {}, state));
    if (more) this.#live.append(more);
    this.#actions.replaceChildren(
      button('Acknowledge', () => this.#do.acknowledge(top), {
        'aria-keyshortcuts': 'A',
        disabled: top.acknowledged,
      }),
      button('Silence 2 min', () => this.#do.silence(), { 'aria-keyshortcuts': 'S', disabled: top.silenced }),
      button('Review', () => this.#do.open(top)),
    );
  }
}
