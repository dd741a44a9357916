/** One doubtful beat: the signal around it on paper, and a button for each answer. */
import type { RequestAnswer, RequestBody } from '@rhythmd/protocol/requests.ts';
import { button, h, setAttributes } from '../../dom.ts';
import { classIcon } from '../../numbers/class-icon.ts';
import { createLayer, sizeLayer } from '../../strip/canvas.ts';
import { readColours } from '../../strip/colours.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import { textScale } from '../../style/text-scale.ts';
import { clockTime } from '../../time.ts';

export type Question = RequestAnswer<'teach.beats'>['beats'][number];
export type Answer = RequestBody<'teach'>['beats'][number]['answer'];

const WIDTH_PX = 300;
const HEIGHT_PX = 96;
/** Strips are 4 s: 75 pixels a second keep all of them beside each other on a laptop. */
const PIXELS_PER_MV = 30;
/** Large beats are drawn smaller rather than cut. */
const USED_HEIGHT_PX = 84;
/** Five millimetres of paper: 0.2 s and 0.5 mV. */
const BOX_S = 0.2;
const BOX_MV = 0.5;

const ANSWERS: readonly (readonly [Answer, string])[] = [
  ['N', 'Normal'],
  ['S', 'Supraventricular'],
  ['V', 'Ventricular'],
  ['no-beat', 'No beat'],
  ['unsure', "Don't know"],
];

export class QuestionCard {
  readonly element: HTMLElement;
  readonly id: string;
  readonly #buttons = new Map<Answer, HTMLButtonElement>();
  #answer: Answer | null = null;

  /** @param onAnswer told after each click */
  constructor(question: Question, number: number, onAnswer: () => void) {
    const { id, label, t_ms } = question;
    this.id = id;
    for (const [answer, name] of ANSWERS) {
      const own = button(
        '',
        () => {
          this.#say(answer);
          onAnswer();
        },
        { 'aria-pressed': 'false', title: name, 'aria-label': name, 'data-answer': answer },
      );
      if (answer === 'no-beat' || answer === 'unsure') own.append(name);
      else own.append(classIcon(answer), h('b', {}, CLASS_LOOKS[answer].letter));
      this.#buttons.set(answer, own);
    }
    const said = `called ${CLASS_LOOKS[label].letter}`;
    this.element = h(
      'li.question',
      { 'data-beat': id },
      picture(question, `Beat ${number}, ${said}`),
      h('p.facts', {}, `${clockTime(t_ms)} · ${said}`),
      h('div.answers', { role: 'group', 'aria-label': `Beat ${number} is` }, ...this.#buttons.values()),
    );
  }

  get answer(): Answer | null {
    return this.#answer;
  }

  #say(answer: Answer): void {
    this.#answer = answer;
    for (const [name, own] of this.#buttons) setAttributes(own, { 'aria-pressed': String(name === answer) });
  }
}

function picture({ strip, sample }: Question, label: string): HTMLCanvasElement {
  const layer = createLayer('question-strip');
  setAttributes(layer.canvas, { role: 'img', 'aria-label': label });
  const scale = textScale();
  const width = WIDTH_PX * scale;
  const paperHeight = HEIGHT_PX * scale;
  sizeLayer(layer, width, paperHeight);
  const millivolts = Float32Array.from(strip.data.split(' '), (word) =>
    word === 'E' ? Number.NaN : Number(word) / 1000,
  );
  const colours = readColours();
  const { context } = layer;
  const pixelsPerSample = width / millivolts.length;
  const pixelsPerS = (pixelsPerSample * 1000) / strip.period;
  const sorted = millivolts.filter((value) => !Number.isNaN(value)).sort();
  const lowest = sorted[0] ?? 0;
  const height = (sorted.at(-1) ?? 0) - lowest;
  const pixelsPerMv = scale * Math.min(PIXELS_PER_MV, USED_HEIGHT_PX / Math.max(height, 0.1));
  const middle = lowest + height / 2;
  const y = (mv: number) => paperHeight / 2 - (mv - middle) * pixelsPerMv;
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, width, paperHeight);
  const asked = (sample - strip.first_sample) * pixelsPerSample;
  // What is asked about: a lighter band behind the beat, as wide as a QRS and its T wave.
  context.globalAlpha = 0.35;
  context.fillStyle = colours.hole;
  context.fillRect(asked - 0.2 * pixelsPerS, 0, 0.6 * pixelsPerS, paperHeight);
  context.globalAlpha = 1;
  context.fillStyle = colours.gridFine;
  for (let s = 0; s * pixelsPerS < width; s += BOX_S)
    context.fillRect(Math.round(s * pixelsPerS), 0, 1, paperHeight);
  for (let mv = -6; mv <= 6; mv += BOX_MV) context.fillRect(0, Math.round(y(mv)), width, 1);
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.3 * scale;
  context.lineJoin = 'round';
  context.beginPath();
  let isDown = false;
  for (const [i, value] of millivolts.entries()) {
    if (Number.isNaN(value)) isDown = false;
    else {
      if (isDown) context.lineTo(i * pixelsPerSample, y(value));
      else context.moveTo(i * pixelsPerSample, y(value));
      isDown = true;
    }
  }
  context.stroke();
  context.fillStyle = colours.text;
  context.beginPath();
  context.moveTo(asked - 5 * scale, 0);
  context.lineTo(asked + 5 * scale, 0);
  context.lineTo(asked, 8 * scale);
  context.fill();
  return layer.canvas;
}
