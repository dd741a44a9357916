/** The alerts the daemon remembers, worst first, each with its strip and a way into review. */
import type { AlertPriority } from '@rhythmd/ecg/types.ts';
import type { AlertEvent, StripEvent } from '@rhythmd/protocol/events.ts';
import { h, setText } from '../dom.ts';
import { createLayer, sizeLayer } from '../strip/canvas.ts';
import { readColours } from '../strip/colours.ts';
import { textScale } from '../style/text-scale.ts';
import { clockTime, duration } from '../time.ts';
import type { AlertBook } from './alert-book.ts';
import { priorityIcon } from './alert-look.ts';
import { kindWords, sentence } from './alert-words.ts';

const SHOWN = 50;
/** What the list may be narrowed to. */
const FILTERS: readonly { readonly words: string; readonly priorities: readonly AlertPriority[] }[] = [
  { words: 'All', priorities: ['high', 'medium', 'low'] },
  { words: 'High and medium', priorities: ['high', 'medium'] },
  { words: 'High', priorities: ['high'] },
];
const STRIP_WIDTH_PX = 220;
const STRIP_HEIGHT_PX = 44;

export class AlertList {
  readonly element = h('section.alert-list', { 'aria-label': 'Alerts', tabindex: -1 });
  readonly #list = h('ol');
  readonly #empty = h('p.empty', {}, '');
  readonly #filter = h('select', { 'aria-label': 'Priorities shown' });
  readonly #book: AlertBook;
  readonly #open: (alert: AlertEvent) => void;
  readonly #hrefOf: (alert: AlertEvent) => string;
  readonly #items = new Map<string, { element: HTMLElement; key: string }>();
  #isDue = false;

  /** @param hrefOf where an alert leads to */
  constructor(book: AlertBook, open: (alert: AlertEvent) => void, hrefOf = reviewOf) {
    this.#book = book;
    this.#open = open;
    this.#hrefOf = hrefOf;
    for (const { words } of FILTERS) this.#filter.append(h('option', {}, words));
    this.#filter.addEventListener('change', () => this.draw());
    this.element.append(
      h('div.alert-list-head', {}, h('h2', {}, 'Alerts'), this.#filter),
      this.#list,
      this.#empty,
    );
    book.watch(() => this.#drawSoon());
    this.draw();
  }

  /** With the next frame: of thousands of messages at once each would draw all of it. */
  #drawSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => this.draw());
  }

  draw(): void {
    this.#isDue = false;
    const { priorities } = FILTERS[this.#filter.selectedIndex] ?? FILTERS[0]!;
    const asked = this.#book.byPriority.filter(({ priority }) => priorities.includes(priority));
    // What goes on is shown however many there are.
    const alerts = asked.filter((alert, place) => place < SHOWN || alert.phase !== 'end');
    this.#empty.hidden = alerts.length > 0;
    setText(this.#empty, this.#book.all.length === 0 ? 'None so far.' : 'None of this priority.');
    const kept = new Set(alerts.map((alert) => alert.id));
    for (const id of this.#items.keys()) if (!kept.has(id)) this.#items.delete(id);
    const chosen = document.activeElement?.closest<HTMLElement>('li')?.dataset.alert;
    const held = this.#list.contains(document.activeElement) ? chosen : undefined;
    this.#list.replaceChildren(...alerts.map((alert) => this.#item(alert)));
    // What is taken out and put in again has lost the focus of whoever stands on it.
    if (held !== undefined) this.#items.get(held)?.element.querySelector('a')?.focus({ preventScroll: true });
  }

  #item(alert: AlertEvent): HTMLElement {
    const strip = this.#book.stripOf(alert.id);
    const key = JSON.stringify([
      alert.phase,
      alert.text,
      alert.acknowledged,
      alert.silenced,
      alert.latched,
      strip !== null,
    ]);
    const kept = this.#items.get(alert.id);
    if (kept?.key === key) return kept.element;
    const link = h(
      'a',
      { href: this.#hrefOf(alert), title: 'Open in review' },
      priorityIcon(alert.priority),
      h('span.alert-text', {}, kindWords(alert.kind)),
      h('span.alert-meta', {}, `${clockTime(alert.start_t_ms)} · ${stateWords(alert)}`),
      alert.phase === 'end' ? null : h('span.alert-meta', {}, sentence(alert.text)),
    );
    link.addEventListener('click', () => this.#open(alert));
    if (strip) link.append(drawAlertStrip(strip));
    const element = h('li', { 'data-phase': alert.phase, 'data-alert': alert.id }, link);
    this.#items.set(alert.id, { element, key });
    return element;
  }
}

function reviewOf(alert: AlertEvent): string {
  return `#review?alert=${encodeURIComponent(alert.id)}&t=${Math.round(alert.start_t_ms)}`;
}

function stateWords(alert: AlertEvent): string {
  if (alert.phase === 'end') return `ended after ${duration(alert.t_ms - alert.start_t_ms)}`;
  if (alert.latched) return 'over, not acknowledged';
  if (alert.acknowledged) return 'active, acknowledged';
  return alert.silenced ? 'active, silenced' : 'active';
}

/** Ten seconds, small: to recognise, not to measure. */
function drawAlertStrip(strip: StripEvent): HTMLElement {
  const layer = createLayer('alert-strip');
  layer.canvas.setAttribute('aria-hidden', 'true');
  const scale = textScale();
  sizeLayer(layer, STRIP_WIDTH_PX * scale, STRIP_HEIGHT_PX * scale);
  layer.context.scale(scale, scale);
  const values = strip.data
    .split(' ')
    .map((word) => (/^-?\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN));
  const finite = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const low = finite[0] ?? -500;
  const high = finite.at(-1) ?? 500;
  const span = Math.max(500, high - low);
  const { context } = layer;
  context.strokeStyle = readColours().ink;
  context.lineWidth = 1;
  context.lineJoin = 'round';
  context.beginPath();
  let penDown = false;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) {
      penDown = false;
      return;
    }
    const x = (i / values.length) * STRIP_WIDTH_PX;
    const y = 3 + (1 - (value - low) / span) * (STRIP_HEIGHT_PX - 6);
    if (penDown) context.lineTo(x, y);
    else context.moveTo(x, y);
    penDown = true;
  });
  context.stroke();
  return layer.canvas;
}
