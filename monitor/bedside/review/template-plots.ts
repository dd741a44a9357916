/** The mean beat of each class on paper, with a band of one standard deviation, and how many there were. */
import type { BeatTemplate } from '@rhythmd/ecg/review/templates.ts';
import { h } from '../../dom.ts';
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

export class TemplatePlots {
  readonly element = h('section.templates', { 'aria-label': 'Mean beat of each class' });

  show(templates: readonly BeatTemplate[]): void {
    const colours = readColours();
    const figures = templates.map((template) => figure(template, colours));
    this.element.replaceChildren(...figures);
  }
}

function figure(template: BeatTemplate, colours: StripColours): HTMLElement {
  const { letter, name } = CLASS_LOOKS[template.label];
  const layer = createLayer('template');
  layer.canvas.setAttribute('role', 'img');
  layer.canvas.setAttribute('aria-label', `Mean of ${template.used} beats of class ${name}`);
  const scale = textScale();
  sizeLayer(layer, WIDTH_PX * scale, HEIGHT_PX * scale);
  layer.context.scale(scale, scale);
  draw(layer.context, template, colours);
  const words = h(
    'figcaption',
    { 'data-class': template.label },
    classIcon(template.label),
    h('b', {}, letter),
  );
  words.append(h('span', {}, template.count.toLocaleString('en-GB')));
  return h('figure', {}, layer.canvas, words);
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
