/** The view that stays open: strip, numbers, rhythm of the last minutes, alerts. */
import type { AlertList } from '../../alerts/alert-list.ts';
import { h, setText } from '../../dom.ts';
import { MeasureTool } from '../../measure/measure-tool.ts';
import { Pan } from '../../measure/pan.ts';
import { Numbers } from '../../numbers/numbers.ts';
import { Tachogram } from '../../numbers/tachogram.ts';
import type { LiveSignal } from '../../signal/live-signal.ts';
import { LeadsDialog } from '../dialogs/leads.ts';
import type { Keys } from '../keys.ts';
import type { PatientPanel } from '../patient/patient-panel.ts';
import { GAINS_MM_PER_MV, type SettingsStore, SPEEDS_MM_PER_S } from '../settings.ts';
import type { View } from '../shell.ts';
import { BeatCard } from './beat-card.ts';
import { LiveStrip } from './live-strip.ts';
import { Toolbar } from './toolbar.ts';

const TACHOGRAM_INTERVAL_MS = 1000;
/** How often the strip's description for screen readers is renewed. */
const DESCRIPTION_INTERVAL_MS = 15_000;

export class LiveView implements View {
  readonly name = 'live';
  readonly title = 'Live';
  readonly element: HTMLElement;
  readonly strip: LiveStrip;
  readonly numbers: Numbers;
  readonly measure: MeasureTool;
  readonly #card: BeatCard;
  readonly #pan: Pan;
  readonly #tachogram: Tachogram;
  readonly #toolbar: Toolbar;
  readonly #column: HTMLElement;
  readonly #settings: SettingsStore;
  readonly #leads: LeadsDialog;
  readonly #frozen = h('p.frozen-sign', { hidden: true }, 'Frozen');

  /** @param limits opens the alarm limits; it stands beside the heart rate */
  constructor(
    signal: LiveSignal,
    settings: SettingsStore,
    patient: PatientPanel,
    alerts: AlertList,
    limits: HTMLElement,
  ) {
    this.#settings = settings;
    this.numbers = new Numbers(limits);
    this.#leads = new LeadsDialog(settings, () => signal.leads.map(({ name }) => name));
    this.strip = new LiveStrip(signal, settings.current);
    this.measure = new MeasureTool(this.strip, () => signal);
    this.#card = new BeatCard(this.strip, signal);
    this.#pan = new Pan(this.strip, () => !this.measure.active);
    this.#tachogram = new Tachogram(signal);
    this.#toolbar = new Toolbar(settings, {
      freeze: () => this.freeze(!this.strip.frozen),
      calipers: () => this.calipers(!this.measure.active),
      march: () => this.measure.toggleMarch(),
      leads: () => this.#leads.open(),
    });
    this.#toolbar.element.append(this.measure.reading);
    this.strip.element.append(this.#frozen);
    this.#column = h(
      'section.strip-column',
      { 'aria-label': 'ECG' },
      this.#toolbar.element,
      this.#tachogram.element,
    );
    this.element = h(
      'div.live-view',
      {},
      this.#column,
      h(
        'aside',
        { 'aria-label': 'Numbers and alerts' },
        this.numbers.element,
        patient.element,
        alerts.element,
      ),
    );
  }

  start(): void {
    this.#settings.watch((settings) => this.strip.setSettings(settings));
    this.measure.start();
    this.strip.onView = () => this.measure.draw();
    this.#pan.start();
    this.#card.start();
    this.strip.start();
    window.setInterval(() => {
      if (this.strip.colours && this.element.isConnected) this.#tachogram.draw(this.strip.colours);
    }, TACHOGRAM_INTERVAL_MS);
    window.setInterval(() => this.strip.describe(this.numbers.sentence()), DESCRIPTION_INTERVAL_MS);
  }

  /** The strip may have been lent to another view. */
  show(): void {
    this.#column.prepend(this.strip.element);
    this.strip.invalidate();
  }

  freeze(frozen: boolean): void {
    if (!frozen) this.calipers(false);
    this.#card.hide();
    this.strip.freeze(frozen);
    this.#frozen.hidden = !frozen;
    setText(this.#frozen, 'Frozen: drag or arrows move, Space goes on');
    this.#showState();
  }

  calipers(open: boolean): void {
    if (open && !this.strip.frozen) this.freeze(true);
    this.measure.activate(open);
    this.strip.element.classList.toggle('measuring', open);
    this.#showState();
  }

  bindKeys(keys: Keys): void {
    const here = () => this.element.isConnected;
    keys.addHandler((event) => here() && (this.measure.key(event) || this.#pan.key(event)));
    const when = (run: () => void) => () => here() && run();
    keys.add(
      {
        keys: [' ', 'f'],
        shown: 'Space',
        does: 'freeze and go on',
        run: when(() => this.freeze(!this.strip.frozen)),
      },
      { keys: ['c'], does: 'calipers', run: when(() => this.calipers(!this.measure.active)) },
      {
        keys: [],
        shown: 'Arrows',
        does: 'move the strip; with calipers the right leg, with Shift the left, with Alt ten times as far',
      },
      {
        keys: ['w'],
        does: 'march the calipers along the strip',
        run: when(() => this.measure.toggleMarch()),
      },
      { keys: ['.'], does: 'next beat of a frozen strip', run: when(() => this.#card.step(1)) },
      { keys: [','], does: 'the beat before', run: when(() => this.#card.step(-1)) },
      {
        keys: ['+', '='],
        shown: '+',
        does: 'more gain',
        run: when(() => this.#step('gainMmPerMv', GAINS_MM_PER_MV, 1)),
      },
      { keys: ['-'], does: 'less gain', run: when(() => this.#step('gainMmPerMv', GAINS_MM_PER_MV, -1)) },
      { keys: [']'], does: 'faster paper', run: when(() => this.#step('speedMmPerS', SPEEDS_MM_PER_S, 1)) },
      { keys: ['l'], does: 'leads: which, in which order, how high', run: when(() => this.#leads.open()) },
      { keys: ['['], does: 'slower paper', run: when(() => this.#step('speedMmPerS', SPEEDS_MM_PER_S, -1)) },
    );
  }

  #step(key: 'gainMmPerMv' | 'speedMmPerS', values: readonly number[], by: number): void {
    const at = values.indexOf(this.#settings.current[key]) + by;
    const value = values[Math.max(0, Math.min(values.length - 1, at))]!;
    this.#settings.change({ [key]: value });
  }

  #showState(): void {
    this.#toolbar.show({ frozen: this.strip.frozen, calipers: this.measure.active });
  }
}
