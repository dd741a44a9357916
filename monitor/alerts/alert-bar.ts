/** The place where alerts appear, always there so that nothing moves when one comes. */
import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import { button, h, setText } from '../dom.ts';
import type { AlertBook } from './alert-book.ts';
import { priorityIcon } from './alert-look.ts';
import { kindWords, sentence } from './alert-words.ts';
import { TimeLeft } from './time-left.ts';

/** Whether what the page knows of alerts is what the daemon knows. */
export type AlertKnowledge = 'connecting' | 'starting' | 'current' | 'lost';

/** Silence is only good news while it is known to be that. */
const QUIET_WORDS: Readonly<Record<AlertKnowledge, string>> = {
  connecting: 'Connecting: alerts are not known yet',
  starting: 'The daemon is starting: alerts are not known yet',
  current: 'No active alerts',
  lost: 'Not connected: alerts are not known',
};

export interface AlertActions {
  acknowledge(alert: AlertEvent): void;
  /** All of them, for two minutes. */
  silence(): void;
  open(alert: AlertEvent): void;
  /** The list of all that stand. */
  showAll(): void;
}

export class AlertBar {
  readonly element = h('section.alert-bar', { 'aria-label': 'Active alerts' });
  readonly #live = h('div.alert-words', { role: 'alert' });
  /** Made once: a button that is made anew loses the focus of whoever stands on it. */
  readonly #more: HTMLButtonElement;
  readonly #acknowledge: HTMLButtonElement;
  readonly #silence: HTMLButtonElement;
  readonly #actions: HTMLElement;
  readonly #book: AlertBook;
  readonly #left = new TimeLeft();
  #isDue = false;
  #top: AlertEvent | null = null;
  #knowledge: AlertKnowledge = 'connecting';
  #shown = '';
  #disabled: readonly string[] = [];

  constructor(book: AlertBook, actions: AlertActions) {
    this.#book = book;
    const onTop = (act: (alert: AlertEvent) => void) => () => {
      if (this.#top !== null) act(this.#top);
    };
    this.#more = button('', () => actions.showAll());
    this.#more.className = 'more';
    this.#acknowledge = button(
      'Acknowledge',
      onTop((alert) => actions.acknowledge(alert)),
      { 'aria-keyshortcuts': 'A' },
    );
    this.#silence = button('Silence 2 min', () => actions.silence(), { 'aria-keyshortcuts': 'S' });
    const review = button(
      'Review',
      onTop((alert) => actions.open(alert)),
    );
    this.#actions = h('div.alert-actions', {}, this.#acknowledge, this.#silence, review);
    this.element.append(this.#live, this.#more, this.#actions);
    book.watch(() => this.#drawSoon());
    // A silence and an acknowledgement run out before everybody's eyes.
    window.setInterval(() => this.#draw(), 1000);
    this.#draw();
  }

  /** Whether no news is good news. */
  know(knowledge: AlertKnowledge): void {
    this.#knowledge = knowledge;
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

  /** With the next frame: of thousands of messages at once each would draw all of it. */
  #drawSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#isDue = false;
    const active = this.#book.active;
    const top = active.find((alert) => !alert.acknowledged) ?? active[0] ?? null;
    this.#top = top;
    const state = top === null ? '' : stateOf(top, this.#left);
    const key = JSON.stringify([top?.id, top?.text, state, active.length, this.#disabled, this.#knowledge]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.dataset.priority = top && !top.acknowledged ? top.priority : 'none';
    this.#actions.hidden = top === null;
    this.#more.hidden = active.length < 2;
    setText(this.#more, `and ${active.length - 1} more`);
    if (!top) {
      const isBad = this.#knowledge === 'lost';
      this.#live.replaceChildren(
        h(isBad ? 'span.complaint' : 'span.quiet', {}, QUIET_WORDS[this.#knowledge]),
        ...this.#offWords(),
      );
      return;
    }
    this.#acknowledge.disabled = top.acknowledged;
    this.#silence.disabled = top.silenced;
    this.#live.replaceChildren(priorityIcon(top.priority), h('strong', {}, sentence(top.text)));
    if (state !== '') this.#live.append(h('span.more', {}, state));
    if (this.#knowledge !== 'current') {
      this.#live.append(h('span.complaint', {}, 'not connected: it may have changed'));
    }
    this.#live.append(...this.#offWords());
  }

  #offWords(): HTMLElement[] {
    if (this.#disabled.length === 0) return [];
    return [h('span.more', {}, `Alarms off: ${this.#disabled.map(kindWords).join(', ')}`)];
  }
}

/** What people did about it, with the time that is left, or that it is over and nobody did anything. */
function stateOf(alert: AlertEvent, left: TimeLeft): string {
  const timeLeft = (untilMs: number | null) => {
    const words = left.words(untilMs);
    return words === null ? '' : ` ${words}`;
  };
  if (alert.acknowledged) return `acknowledged${timeLeft(alert.acknowledged_until_ms)}`;
  if (alert.silenced) return `silenced${timeLeft(alert.silenced_until_ms)}`;
  return alert.latched ? 'over, not acknowledged' : '';
}
