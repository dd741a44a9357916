/** The place where alerts appear, always there so that nothing moves when one comes. */
import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import { button, h } from '../dom.ts';
import type { AlertBook } from './alert-book.ts';
import { kindWords, priorityIcon, sentence } from './alert-look.ts';

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
  #disabled: readonly string[] = [];

  constructor(book: AlertBook, actions: AlertActions) {
    this.#book = book;
    this.#do = actions;
    this.element.append(this.#live, this.#actions);
    book.watch(() => this.#draw());
    // A silence and an acknowledgement run out before everybody's eyes.
    window.setInterval(() => this.#draw(), 1000);
    this.#draw();
  }

  /** Kinds that are never told: what is off is shown. */
  showDisabled(kinds: readonly string[]): void {
    this.#disabled = kinds;
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
    const state = top === null ? '' : stateOf(top);
    const key = JSON.stringify([top?.id, top?.text, state, active.length, this.#disabled]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.dataset.priority = top && !top.acknowledged ? top.priority : 'none';
    if (!top) {
      this.#live.replaceChildren(h('span.quiet', {}, 'No active alerts'), ...this.#offWords());
      this.#actions.replaceChildren();
      return;
    }
    const more = active.length > 1 ? h('span.more', {}, `and ${active.length - 1} more`) : null;
    this.#live.replaceChildren(priorityIcon(top.priority), h('strong', {}, sentence(top.text)));
    if (state !== '') this.#live.append(h('span.more', {}, state));
    if (more) this.#live.append(more);
    this.#live.append(...this.#offWords());
    this.#actions.replaceChildren(
      button('Acknowledge', () => this.#do.acknowledge(top), {
        'aria-keyshortcuts': 'A',
        disabled: top.acknowledged,
      }),
      button('Silence 2 min', () => this.#do.silence(), { 'aria-keyshortcuts': 'S', disabled: top.silenced }),
      button('Review', () => this.#do.open(top)),
    );
  }

  #offWords(): HTMLElement[] {
    if (this.#disabled.length === 0) return [];
    return [h('span.more', {}, `off: ${this.#disabled.map(kindWords).join(', ')}`)];
  }
}

/** What people did about it, with the time that is left, or that it is over and nobody did anything. */
function stateOf(alert: AlertEvent): string {
  if (alert.acknowledged) return `acknowledged${timeLeft(alert.acknowledged_until_ms)}`;
  if (alert.silenced) return `silenced${timeLeft(alert.silenced_until_ms)}`;
  return alert.latched ? 'over, not acknowledged' : '';
}

/** Minutes and seconds from now on, by this computer's clock: one that is far off shows none. */
function timeLeft(untilMs: number | null): string {
  const seconds = Math.round(((untilMs ?? 0) - Date.now()) / 1000);
  if (untilMs === null || seconds <= 0 || seconds > 7200) return '';
  return ` ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
