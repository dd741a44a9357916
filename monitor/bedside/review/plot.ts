/** A canvas that fills its box and knows the colours: the ground of the small plots. */
import { h } from '../../dom.ts';
import { createLayer, sizeLayer } from '../../strip/canvas.ts';
import { readColours, type StripColours } from '../../strip/colours.ts';
import { textScale } from '../../style/text-scale.ts';

export interface PlotArea {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly colours: StripColours;
}

export class Plot {
  readonly element: HTMLElement;
  readonly box = h('div.plot-box');
  readonly #layer = createLayer('plot');
  readonly #caption: HTMLElement;

  constructor(className: string, caption: string, description: string) {
    this.#caption = h('figcaption', {}, caption);
    this.#layer.canvas.setAttribute('role', 'img');
    this.#layer.canvas.setAttribute('aria-label', description);
    this.box.append(this.#layer.canvas);
    this.element = h('figure', {}, this.#caption, this.box);
    this.element.className = `plot-figure ${className}`;
  }

  describe(caption: string, description: string): void {
    this.#caption.textContent = caption;
    this.#layer.canvas.setAttribute('aria-label', description);
  }

  /** How many times as large everything is drawn as on a desk's screen; places and sizes of an area are before it. */
  get scale(): number {
    return textScale();
  }

  /** Clears and hands out; null while it has no size. */
  begin(): PlotArea | null {
    const { clientWidth, clientHeight } = this.box;
    if (clientWidth === 0 || clientHeight === 0) return null;
    sizeLayer(this.#layer, clientWidth, clientHeight);
    const colours = readColours();
    const { context } = this.#layer;
    const { scale } = this;
    context.scale(scale, scale);
    const width = clientWidth / scale;
    const height = clientHeight / scale;
    context.font = `11px ${colours.font}`;
    context.textBaseline = 'middle';
    return { context, width, height, colours };
  }
}
