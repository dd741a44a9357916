/** Who looks on: the name that stands in the devices' audit, and the broker's user. The password lives as long as the tab. */
import { createDialog } from '../dialog.ts';
import { button, h, setText } from '../dom.ts';
import type { Credentials } from './link/broker-link.ts';

const STORAGE_KEY = 'rhythmd-ward';
/** As protocol/request-table.ts takes it. */
const MAX_NAME = 40;

export interface Who {
  /** null: nobody said. */
  readonly name: string | null;
  readonly credentials: Credentials | null;
}

export class WhoDialog {
  readonly button: HTMLButtonElement;
  readonly #dialog: HTMLDialogElement;
  readonly #why = h('p.complaint', { role: 'alert' });
  readonly #name = h('input', { name: 'name', autocomplete: 'name', maxlength: MAX_NAME });
  readonly #user = h('input', { name: 'user', autocomplete: 'username', maxlength: 200 });
  readonly #password = h('input', {
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    maxlength: 200,
  });
  readonly #onChange: (who: Who) => void;
  #who: Who = { name: null, credentials: null };

  constructor(onChange: (who: Who) => void) {
    this.#onChange = onChange;
    const form = h(
      'form.who',
      {},
      this.#why,
      h('label', {}, h('span', {}, 'Your name'), this.#name),
      h('label', {}, h('span', {}, 'User of the broker, where it wants one'), this.#user),
      h('label', {}, h('span', {}, 'Password'), this.#password),
      h('button', { type: 'submit' }, 'Sign in'),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#take();
    });
    this.#dialog = createDialog('Who looks on', form);
    this.button = button('', () => this.open(''));
    this.button.className = 'who-button';
    this.#load();
    this.#draw();
  }

  get who(): Who {
    return this.#who;
  }

  /** @param why what makes it necessary; empty: somebody wants to */
  open(why: string): void {
    setText(this.#why, why);
    this.#name.value = this.#who.name ?? '';
    this.#user.value = this.#who.credentials?.user ?? '';
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  #take(): void {
    const name = this.#name.value.replace(/\p{C}/gu, '').trim().slice(0, MAX_NAME);
    const user = this.#user.value;
    const password =
      this.#password.value || (user === this.#who.credentials?.user ? this.#who.credentials.password : '');
    this.#who = { name: name || null, credentials: user === '' ? null : { user, password } };
    this.#password.value = '';
    this.#keep();
    this.#draw();
    this.#dialog.close();
    this.#onChange(this.#who);
  }

  #draw(): void {
    const { name, credentials } = this.#who;
    setText(this.button, name ?? credentials?.user ?? 'Who looks on?');
  }

  #load(): void {
    try {
      const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Record<string, unknown>;
      const { name, user } = kept;
      const password = sessionStorage.getItem(STORAGE_KEY);
      this.#who = {
        name: typeof name === 'string' ? name.slice(0, MAX_NAME) : null,
        credentials: typeof user === 'string' && password !== null ? { user, password } : null,
      };
    } catch {
      // Private windows may refuse; then it is asked again.
    }
  }

  #keep(): void {
    const { name, credentials } = this.#who;
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify({ name, user: credentials?.user ?? null }));
      if (credentials === null) sessionStorage.removeItem(STORAGE_KEY);
      else sessionStorage.setItem(STORAGE_KEY, credentials.password);
    } catch {
      // It holds until the page closes.
    }
  }
}
