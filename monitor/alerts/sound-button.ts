/** Whether alerts can be heard, always in sight: off, on, waiting for a click, without a speaker, or silenced with the time that is left. */
import { button, setAttributes, setText } from '../dom.ts';
import type { AlertSound, Audible, SoundState } from './alert-sound.ts';
import { TimeLeft } from './time-left.ts';

const WORDS: Readonly<Record<SoundState, string>> = {
  off: 'Sound off',
  on: 'Sound on',
  blocked: 'Sound blocked: click',
  mute: 'Sound fails: no speaker?',
};
const WHAT_A_CLICK_DOES: Readonly<Record<SoundState, string>> = {
  off: 'turns it on',
  on: 'turns it off',
  blocked: 'lets the browser play it',
  mute: 'turns it off',
};

export class SoundButton {
  readonly element: HTMLButtonElement;
  readonly #sound: AlertSound;
  readonly #book: Audible;
  readonly #left = new TimeLeft();
  #shown: SoundState = 'off';
  #meant: SoundState | null = null;

  /** @param turn keeps the setting */
  constructor(sound: AlertSound, book: Audible, turn: (on: boolean) => void) {
    this.#sound = sound;
    this.#book = book;
    this.element = button('', () => {
      const meant = this.#meant ?? this.#shown;
      this.#meant = null;
      if (meant === 'blocked') sound.unblock();
      else turn(meant === 'off');
      this.#draw();
    });
    this.element.className = 'sound';
    // The browser lets sound play as soon as a finger is down: what was read before that is what is meant.
    for (const kind of ['pointerdown', 'keydown']) {
      this.element.addEventListener(kind, () => {
        this.#meant = this.#shown;
      });
    }
  }

  start(): void {
    window.setInterval(() => this.#draw(), 500);
    this.#draw();
  }

  #draw(): void {
    const { state } = this.#sound;
    this.#shown = state;
    const silenced = state === 'on' ? this.#silencedWords() : null;
    setText(this.element, silenced ?? WORDS[state]);
    setAttributes(this.element, {
      'data-state': silenced === null ? state : 'silenced',
      title: `A click ${WHAT_A_CLICK_DOES[state]}`,
    });
  }

  /** All that stand are silenced: until the first of them sounds again. */
  #silencedWords(): string | null {
    const heard = this.#book.active.filter(({ acknowledged }) => !acknowledged);
    if (heard.length === 0 || heard.some(({ silenced }) => !silenced)) return null;
    const untilMs = Math.min(
      ...heard.map(({ silenced_until_ms }) => silenced_until_ms ?? Number.POSITIVE_INFINITY),
    );
    const left = Number.isFinite(untilMs) ? this.#left.words(untilMs) : null;
    return left === null ? 'Silenced' : `Silenced ${left}`;
  }
}
