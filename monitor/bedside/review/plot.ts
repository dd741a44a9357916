/** A canvas that fills its box and knows the colours: the ground of the small plots. */
import { h } from '../../dom.ts';
import { createLayer, sizeLayer } from '../../strip/canvas.ts';
import { readColours, type StripColours } from '../../strip/colours.ts';

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

  /** Clears and hands out; null while it has no size. */
  begin(): PlotArea | null {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (width === 0 || height === 0) return null;
    sizeLayer(this.#layer, width, height);
    const colours = readColours();
    const { context } = this.#layer;
    context.font = `11px ${colours.font}`;
    context.textBaseline = 'middle';
    return { context, width, height, colours };
  }
}
