/** Every key of the page in one table: what it does is what the help shows. */
export interface KeyBinding {
  readonly keys: readonly string[];
  /** As shown; the first of `keys` otherwise. */
  readonly shown?: string;
  readonly does: string;
  readonly run?: () => void;
}

/** Keys go to the control that has the focus where it wants them. */
const OWN_KEYS = 'input, select, textarea, [contenteditable], dialog[open]';

/** A letter is the same with Caps Lock on. */
export function pressedKey(event: KeyboardEvent): string {
  const isLetter = /^[A-Z]$/.test(event.key);
  return isLetter && event.getModifierState('CapsLock') ? event.key.toLowerCase() : event.key;
}

export class Keys {
  readonly #bindings: KeyBinding[] = [];
  readonly #handlers: ((event: KeyboardEvent) => boolean)[] = [];

  get bindings(): readonly KeyBinding[] {
    return this.#bindings;
  }

  add(...bindings: readonly KeyBinding[]): void {
    this.#bindings.push(...bindings);
  }

  /** Asked first; @returns whether it took the key. */
  addHandler(handler: (event: KeyboardEvent) => boolean): void {
    this.#handlers.push(handler);
  }

  start(): void {
    window.addEventListener('keydown', (event) => this.#press(event));
  }

  #press(event: KeyboardEvent): void {
    const target = event.target as Element | null;
    if (event.defaultPrevented || target?.closest(OWN_KEYS)) return;
    // A focused button keeps the keys that press it.
    if ((event.key === ' ' || event.key === 'Enter') && target?.closest('button, a')) return;
    if (this.#handlers.some((handler) => handler(event))) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = pressedKey(event);
    const binding = this.#bindings.find(({ keys, run }) => run && keys.includes(key));
    if (!binding) return;
    event.preventDefault();
    binding.run?.();
  }
}
