/** The alarm limits: what holds, what is configured, who changed it and when; and which alarms are off. */
import type { BedsideLimitKey } from '@rhythmd/protocol/bedside-limits.ts';
import type { InfoEvent } from '@rhythmd/protocol/events.ts';
import { kindWords } from '../../alerts/alert-words.ts';
import { createDialog } from '../../dialog.ts';
import { button, h, setText } from '../../dom.ts';
import { dayOf, hourMinute } from '../../time.ts';
import type { Stream } from '../stream.ts';
import { LIMIT_GROUPS, limitOf } from './limit-rows.ts';

type LimitFacts = InfoEvent['alert_limits'][number];

interface Row {
  readonly input: HTMLInputElement;
  readonly standard: HTMLButtonElement;
  readonly changed: HTMLElement;
}

export class LimitsDialog {
  /** Beside the heart rate, with the two limits of it. */
  readonly button: HTMLButtonElement;
  readonly #stream: () => Stream;
  readonly #rows = new Map<BedsideLimitKey, Row>();
  readonly #off = h('p.alarms-off', { hidden: true });
  readonly #words = h('p.complaint', { role: 'alert' });
  readonly #name = h('input', { type: 'text', maxlength: 40, autocomplete: 'name' });
  readonly #dialog: HTMLDialogElement;
  #limits: InfoEvent['alert_limits'] = [];
  /** What the fields were given: who has not touched one does not mean to change it. */
  readonly #given = new Map<BedsideLimitKey, string>();

  constructor(stream: () => Stream) {
    this.#stream = stream;
    this.button = button('Limits', () => this.open(), { hidden: true });
    this.button.className = 'limits-button';
    const form = h(
      'form',
      { novalidate: true },
      ...LIMIT_GROUPS.map(({ title, rows }) => this.#group(title, rows)),
      this.#words,
      h(
        'div.row',
        {},
        h('label', {}, 'Your name', this.#name),
        h('button', { type: 'submit' }, 'Set limits'),
        button('All as configured', () => this.#fillDefaults()),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#dialog = createDialog(
      'Alarm limits',
      h('p', {}, 'Of this patient, over a restart too. The next patient begins with the configured limits.'),
      this.#off,
      form,
    );
    this.#dialog.classList.add('limits');
  }

  update(limits: InfoEvent['alert_limits'], disabled: readonly string[]): void {
    this.#limits = limits;
    this.#off.hidden = disabled.length === 0;
    setText(this.#off, `Alarms that are off (alert.disabled): ${disabled.map(kindWords).join(', ')}`);
    const inForce = (name: BedsideLimitKey) => limits.find((limit) => limit.name === name)?.value;
    const [low, high] = [inForce('bradycardia_bpm'), inForce('tachycardia_bpm')];
    this.button.hidden = low === undefined || high === undefined;
    const isSet = limits.some(({ changed }) => changed !== null);
    setText(this.button, `Limits ${low}–${high}${isSet ? ', set' : ''}`);
    for (const limit of limits) this.#tell(limit);
    if (this.#dialog.open) this.#follow();
  }

  open(): void {
    setText(this.#words, '');
    this.#given.clear();
    this.#follow();
    this.#dialog.showModal();
  }

  /** Fields that nobody has touched since say what holds now, whoever changed it. */
  #follow(): void {
    for (const { name, value } of this.#limits) {
      const { input } = this.#rows.get(name)!;
      const given = this.#given.get(name);
      if (given !== undefined && input.value !== given) continue;
      input.value = String(value);
      this.#given.set(name, input.value);
    }
  }

  #group(title: string, rows: readonly (readonly [BedsideLimitKey, string])[]): HTMLElement {
    return h('fieldset', {}, h('legend', {}, title), ...rows.map(([name, words]) => this.#row(name, words)));
  }

  #row(name: BedsideLimitKey, words: string): HTMLElement {
    const { min, max, unit, whole } = limitOf(name);
    const input = h('input', { type: 'number', name, min, max, step: whole || unit === '/min' ? 1 : 0.1 });
    const standard = button('', () => {
      input.value = standard.value;
    });
    standard.className = 'standard';
    const changed = h('span.changed');
    this.#rows.set(name, { input, standard, changed });
    return h(
      'div.limit-row',
      {},
      h('label', {}, h('span', {}, words), input, h('span.unit', {}, unit)),
      h('span.range', {}, `${min} to ${max}`),
      standard,
      changed,
    );
  }

  #tell({ name, default: standard, changed }: LimitFacts): void {
    const row = this.#rows.get(name);
    if (row === undefined) return;
    row.standard.value = String(standard);
    setText(row.standard, `Default ${standard}`);
    setText(row.changed, changed === null ? '' : changeWords(changed));
  }

  #fillDefaults(): void {
    for (const { input, standard } of this.#rows.values()) input.value = standard.value;
  }

  /** Only what is other than it was; the default is sent as such, and follows the configuration again. */
  async #send(): Promise<void> {
    const limits: Partial<Record<BedsideLimitKey, number | null>> = {};
    for (const { name, value, default: standard } of this.#limits) {
      const wanted = this.#rows.get(name)!.input.valueAsNumber;
      if (Number.isNaN(wanted)) {
        setText(this.#words, 'A limit has no number.');
        return;
      }
      if (wanted !== value) limits[name] = wanted === standard ? null : wanted;
    }
    if (Object.keys(limits).length === 0) {
      this.#dialog.close();
      return;
    }
    const by = this.#name.value.trim();
    try {
      await this.#stream().request('limits', { limits, ...(by === '' ? {} : { by }) });
      this.#dialog.close();
    } catch (error) {
      setText(this.#words, (error as Error).message);
    }
  }
}

function changeWords({ by, t_ms, kept }: NonNullable<LimitFacts['changed']>): string {
  const day = dayOf(t_ms) === dayOf(Date.now()) ? '' : ` on ${dayOf(t_ms)}`;
  const risk = kept ? '' : '; until the next start: the disk would not take it';
  return `set${by === null ? '' : ` by ${by}`} at ${hourMinute(t_ms)}${day}${risk}`;
}
