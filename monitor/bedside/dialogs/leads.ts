/** Which leads are on the paper, in which order, and how high each is drawn. Kept by this browser. */

import { createDialog } from '../../dialog.ts';
import { button, h } from '../../dom.ts';
import { AS_THE_BOARD, orderedLeads } from '../../strip/lead-choice.ts';
import { GAINS_MM_PER_MV, type SettingsStore } from '../settings.ts';

export class LeadsDialog {
  readonly #settings: SettingsStore;
  readonly #names: () => readonly string[];
  readonly #list = h('ol.lead-choice');
  readonly #dialog: HTMLDialogElement;

  /** @param names of the leads there are now */
  constructor(settings: SettingsStore, names: () => readonly string[]) {
    this.#settings = settings;
    this.#names = names;
    this.#dialog = createDialog(
      'Leads',
      h('p', {}, 'On this screen only: recordings, alarms and other screens have all of them.'),
      this.#list,
      button('As the board has them', () => {
        settings.change({ leads: AS_THE_BOARD });
        this.#draw();
      }),
    );
  }

  open(): void {
    this.#draw();
    this.#dialog.showModal();
  }

  #draw(): void {
    const names = this.#names();
    const choice = this.#settings.current.leads;
    const order = orderedLeads(names, choice).map((lead) => names[lead]!);
    const isLast = (name: string) => order.every((other) => other === name || choice.hidden.includes(other));
    this.#list.replaceChildren(...order.map((name, place) => this.#row(name, place, order, isLast(name))));
  }

  #row(name: string, place: number, order: readonly string[], isLast: boolean): HTMLElement {
    const { leads } = this.#settings.current;
    const shown = h('input', { type: 'checkbox', disabled: isLast });
    shown.checked = !leads.hidden.includes(name);
    shown.addEventListener('change', () => {
      const others = leads.hidden.filter((other) => other !== name);
      this.#change({ hidden: shown.checked ? others : [...others, name] }, name, 'input');
    });
    const gain = h('select', { 'aria-label': `Gain of ${name}` });
    gain.append(
      h('option', { value: '' }, 'Gain of the strip'),
      ...GAINS_MM_PER_MV.map((value) => h('option', { value }, `${value} mm/mV`)),
    );
    gain.value = String(leads.gainsMmPerMv[name] ?? '');
    gain.addEventListener('change', () => {
      const { [name]: _, ...others } = leads.gainsMmPerMv;
      const gainsMmPerMv = gain.value === '' ? others : { ...others, [name]: Number(gain.value) };
      this.#change({ gainsMmPerMv }, name, 'select');
    });
    const move = (by: -1 | 1, word: 'up' | 'down') =>
      button(by < 0 ? '↑' : '↓', () => this.#move(order, place, by, word), {
        'aria-label': `Move ${name} ${word}`,
        'data-move': word,
        disabled: place + by < 0 || place + by >= order.length,
      });
    return h('li', { 'data-lead': name }, h('label', {}, shown, name), gain, move(-1, 'up'), move(1, 'down'));
  }

  #move(order: readonly string[], place: number, by: -1 | 1, word: 'up' | 'down'): void {
    const name = order[place]!;
    const next = order.filter((other) => other !== name);
    next.splice(place + by, 0, name);
    this.#change({ order: next }, name, `[data-move="${word}"]`);
  }

  /** The rows are made anew: whoever stood on a control stands on it again. */
  #change(change: Partial<typeof AS_THE_BOARD>, name: string, control: string): void {
    this.#settings.change({ leads: { ...this.#settings.current.leads, ...change } });
    this.#draw();
    const row = [...this.#list.children].find((item) => (item as HTMLElement).dataset.lead === name);
    row?.querySelector<HTMLElement>(control)?.focus();
  }
}
