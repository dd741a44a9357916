/** What a person sets while looking: gain, speed, filter, motion, freeze, calipers. Every control has a key. */
import { button, h, setAttributes } from '../../dom.ts';
import { GAINS_MM_PER_MV, type SettingsStore, SPEEDS_MM_PER_S } from '../settings.ts';

export interface ToolbarActions {
  freeze(): void;
  calipers(): void;
  march(): void;
  leads(): void;
}

export class Toolbar {
  readonly element: HTMLElement;
  readonly #freeze: HTMLButtonElement;
  readonly #calipers: HTMLButtonElement;
  readonly #march: HTMLButtonElement;

  constructor(settings: SettingsStore, actions: ToolbarActions) {
    this.#freeze = button('Freeze', actions.freeze, {
      'aria-pressed': 'false',
      'aria-keyshortcuts': 'Space',
    });
    this.#calipers = button('Calipers', actions.calipers, {
      'aria-pressed': 'false',
      'aria-keyshortcuts': 'C',
    });
    this.#march = button('March calipers', actions.march, { 'aria-keyshortcuts': 'W', hidden: true });
    const number = (value: string) => Number(value);
    this.element = h(
      'div.toolbar',
      { role: 'toolbar', 'aria-label': 'Strip' },
      this.#freeze,
      this.#calipers,
      choice(settings, 'Speed', 'speedMmPerS', SPEEDS_MM_PER_S, (value) => `${value} mm/s`, number),
      choice(settings, 'Gain', 'gainMmPerMv', GAINS_MM_PER_MV, (value) => `${value} mm/mV`, number),
      choice(
        settings,
        'Filter',
        'band',
        ['monitor', 'off'],
        (v) => (v === 'off' ? 'Unfiltered' : '0.5–40 Hz'),
        String,
      ),
      choice(
        settings,
        'Mains',
        'mains',
        ['none', '50', '60'],
        (v) => (v === 'none' ? 'No notch' : `${v} Hz notch`),
        String,
      ),
      choice(
        settings,
        'Motion',
        'motion',
        ['sweep', 'scroll'],
        (v) => (v === 'sweep' ? 'Sweep' : 'Scroll'),
        String,
      ),
      button('Leads', actions.leads, { 'aria-keyshortcuts': 'L' }),
      this.#march,
    );
  }

  show(state: { frozen: boolean; calipers: boolean }): void {
    setAttributes(this.#freeze, { 'aria-pressed': String(state.frozen) });
    setAttributes(this.#calipers, { 'aria-pressed': String(state.calipers) });
    this.#march.hidden = !state.calipers;
  }
}

function choice<Key extends 'speedMmPerS' | 'gainMmPerMv' | 'band' | 'mains' | 'motion'>(
  settings: SettingsStore,
  name: string,
  key: Key,
  values: readonly (string | number)[],
  describe: (value: string | number) => string,
  parse: (text: string) => string | number,
): HTMLElement {
  const select = h('select', { name: key });
  for (const value of values) select.append(h('option', { value }, describe(value)));
  select.addEventListener('change', () => settings.change({ [key]: parse(select.value) }));
  settings.watch((current) => {
    select.value = String(current[key]);
  });
  return h('label', { 'data-setting': key }, h('span', {}, name), select);
}
