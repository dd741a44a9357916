/**
 * Beats that look alike, each group on paper with a band of one standard deviation: what a person names at once. Each is a
 * button; arrows go from one to the next.
 */
import type { BeatTemplate } from '@rhythmd/ecg/review/templates.ts';
import { h, setAttributes } from '../../dom.ts';
import { classIcon } from '../../numbers/class-icon.ts';
import { createLayer, sizeLayer } from '../../strip/canvas.ts';
import { readColours, type StripColours } from '../../strip/colours.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import { textScale } from '../../style/text-scale.ts';

const WIDTH_PX = 132;
const HEIGHT_PX = 104;
const PIXELS_PER_MV = 30;
const ZERO_SHARE = 0.6;
/** Five millimetres of paper: 0.2 s and 0.5 mV. */
const BOX_S = 0.2;
const BOX_MV = 0.5;

export interface ReviewTemplate extends BeatTemplate {
  readonly id: string;
  /** A person has named or confirmed all of them. */
  readonly seen: boolean;
  /** When the first of them was. */
  readonly first_t_ms: number;
}

export class TemplatePlots {
  readonly element = h('section.templates', { 'aria-label': 'Beats that look alike' });
  readonly #choose: (template: ReviewTemplate) => void;
  #shown: { template: ReviewTemplate; button: HTMLButtonElement }[] = [];

  /** @param choose told when one is pressed or reached by a key */
  constructor(choose: (template: ReviewTemplate) => void) {
    this.#choose = choose;
  }

  get templates(): readonly ReviewTemplate[] {
    return this.#shown.map(({ template }) => template);
  }

  show(templates: readonly ReviewTemplate[]): void {
    const colours = readColours();
    this.#shown = templates.map((template) => ({ template, button: this.#button(template, colours) }));
    this.element.replaceChildren(...this.#shown.map(({ button }) => button));
  }

  /** Which one is meant; null: none of them. */
  mark(id: string | null): void {
    for (const { template, button } of this.#shown) {
      setAttributes(button, { 'aria-pressed': String(template.id === id) });
    }
  }

  /** The next that nobody has looked at, else the first. @returns false when there is none at all */
  focusUnseen(): boolean {
    const next = this.#shown.find(({ template }) => !template.seen) ?? this.#shown[0];
    if (next === undefined) return false;
    next.button.focus();
    this.#choose(next.template);
    return true;
  }

  /** @param step 1 or -1 */
  move(step: number): void {
    const at = this.#shown.findIndex(({ button }) => button === document.activeElement);
    const next =
      this.#shown[(Math.max(0, at) + (at < 0 ? 0 : step) + this.#shown.length) % this.#shown.length];
    if (next === undefined) return;
    next.button.focus();
    this.#choose(next.template);
  }

  #button(template: ReviewTemplate, colours: StripColours): HTMLButtonElement {
    const { label, count, seen } = template;
    const { letter, name } = CLASS_LOOKS[label];
    const layer = createLayer('template');
    layer.canvas.setAttribute('aria-hidden', 'true');
    const scale = textScale();
    sizeLayer(layer, WIDTH_PX * scale, HEIGHT_PX * scale);
    layer.context.scale(scale, scale);
    draw(layer.context, template, colours);
    const beats = `${count.toLocaleString('en-GB')} beat${count === 1 ? '' : 's'}`;
    const own = h(
      'button.template-card',
      {
        type: 'button',
        'aria-pressed': 'false',
        'aria-label': `${letter}, ${name}, ${beats}${seen ? ', looked at' : ''}`,
        'data-template': template.id,
        'data-seen': String(seen),
      },
      layer.canvas,
      h(
        'span.caption',
        { 'data-class': label },
        classIcon(label),
        h('b', {}, letter),
        h('span', {}, count.toLocaleString('en-GB')),
        h('span.seen', {}, seen ? 'looked at' : ''),
      ),
    );
    own.addEventListener('click', () => this.#choose(template));
    return own;
  }
}

function draw(context: CanvasRenderingContext2D, template: BeatTemplate, colours: StripColours): void {
  const { mean, deviation, before_s, step_s } = template;
  const pixelsPerS = WIDTH_PX / (mean.length * step_s);
  const zeroY = HEIGHT_PX * ZERO_SHARE;
  const y = (mv: number) => zeroY - mv * PIXELS_PER_MV;
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, WIDTH_PX, HEIGHT_PX);
  context.fillStyle = colours.gridFine;
  for (let s = before_s % BOX_S; s * pixelsPerS < WIDTH_PX; s += BOX_S)
    context.fillRect(Math.round(s * pixelsPerS), 0, 1, HEIGHT_PX);
  for (let mv = -2; mv <= 3; mv += BOX_MV) context.fillRect(0, Math.round(y(mv)), WIDTH_PX, 1);
  const colour = colours.classes[template.label];
  context.fillStyle = colour;
  context.globalAlpha = 0.22;
  context.beginPath();
  for (let i = 0; i < mean.length; i++) context.lineTo(i * step_s * pixelsPerS, y(mean[i]! + deviation[i]!));
  for (let i = mean.length - 1; i >= 0; i--)
    context.lineTo(i * step_s * pixelsPerS, y(mean[i]! - deviation[i]!));
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  context.lineJoin = 'round';
  context.beginPath();
  for (let i = 0; i < mean.length; i++) context.lineTo(i * step_s * pixelsPerS, y(mean[i]!));
  context.stroke();
}
