/** Ten seconds out of the past of a bed, on paper: the strip of an alert, or one that was asked for. */
import type { StripEvent } from '@rhythmd/protocol/events.ts';
import { h, setText } from '../../dom.ts';
import { createLayer, sizeLayer } from '../../strip/canvas.ts';
import { readColours } from '../../strip/colours.ts';
import { layoutPaper } from '../../strip/layout.ts';
import { drawPaper } from '../../strip/paper.ts';
import { textScale } from '../../style/text-scale.ts';
import { clockTime } from '../../time.ts';

const SCALE = { pixelsPerMm: 96 / 25.4, gainMmPerMv: 10, speedMmPerS: 25 };
/** The longest strip at the fastest rate: whatever else somebody sends. */
const MAX_SAMPLES = 22_000;

export class StripFigure {
  readonly element = h('figure.strip-figure', { hidden: true });
  readonly #layer = createLayer('strip-canvas');
  readonly #caption = h('figcaption');

  constructor() {
    this.#layer.canvas.setAttribute('role', 'img');
    this.element.append(this.#caption, h('div.strip-box', {}, this.#layer.canvas));
  }

  /** @param title what it shows, such as the kind of the alert */
  show(strip: StripEvent, title: string): void {
    this.element.hidden = false;
    setText(this.#caption, `${title}: ${strip.lead}, ${clockTime(strip.t_ms)}`);
    this.#layer.canvas.setAttribute('aria-label', `ECG strip, ${title}`);
    const box = this.#layer.canvas.parentElement!;
    const { clientWidth: width, clientHeight: height } = box;
    if (width === 0 || !(strip.period > 0)) return;
    const colours = readColours();
    const layout = { ...layoutPaper(width, height, 1, 1000 / strip.period, SCALE, textScale()), left: 0 };
    sizeLayer(this.#layer, width, height);
    const { context } = this.#layer;
    drawPaper(context, layout, colours, { leadNames: [strip.lead], filter: 'as received', pulse: false });
    const values = strip.data
      .split(' ', MAX_SAMPLES)
      .map((word) => (/^-?\d{1,7}$/.test(word) ? Number(word) / 1000 : Number.NaN));
    const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    const middle = known[known.length >> 1] ?? 0;
    // The whole strip is shown: ten seconds may be narrower than 25 mm/s, and the caption says what it is.
    const step = Math.min(layout.pixelsPerSample, width / Math.max(1, values.length));
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.4 * layout.textScale;
    context.lineJoin = 'round';
    context.beginPath();
    let isDown = false;
    for (const [i, value] of values.entries()) {
      const y = layout.bands[0]!.zeroY - (value - middle) * layout.pixelsPerMv;
      if (Number.isNaN(y)) isDown = false;
      else if (isDown) context.lineTo(i * step, y);
      else {
        context.moveTo(i * step, y);
        isDown = true;
      }
    }
    context.stroke();
  }
}
