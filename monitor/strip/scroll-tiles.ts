/**
 * The paper of a scrolling strip: a row of canvases that is moved as a whole and drawn only where the pen is. What has left at
 * the left comes in again at the right, empty.
 *
 * Moving is the compositor's work, as with any page that scrolls: copying a canvas onto itself, which is the other way, took
 * 19 ms a frame at 1920x1080 without a GPU.
 */
import { h } from '../dom.ts';
import { createLayer, type Layer, sizeLayer } from './canvas.ts';
import { HATCH_STEP_PX } from './draw-stretch.ts';
import type { PaperLayout } from './layout.ts';

/** So many tiles are as wide as the paper; one more is partly on it. The narrower a tile, the less is handed on each frame. */
const TILES_ACROSS = 4;

interface Tile {
  readonly layer: Layer;
  /** Its place in the row since sample 0; null: nothing is on it. */
  index: number | null;
}

export class ScrollTiles {
  readonly element = h('div.scroll-window', { hidden: true });
  readonly #belt = h('div.belt');
  readonly #tiles: readonly Tile[];
  #layout: PaperLayout | null = null;
  #ratio = 1;
  /** Device pixels of a tile. */
  #tileWidth = 1;
  /** The tile at the belt's origin. */
  #origin: number | null = null;

  constructor() {
    this.#tiles = Array.from({ length: TILES_ACROSS + 1 }, () => ({
      layer: createLayer('trace'),
      index: null,
    }));
    for (const { layer } of this.#tiles) {
      layer.canvas.ariaHidden = 'true';
      this.#belt.append(layer.canvas);
    }
    this.element.append(this.#belt);
  }

  /** Device pixels a CSS pixel, and CSS pixels of a tile, which are whole device pixels. */
  get ratio(): number {
    return this.#ratio;
  }

  get tileWidth(): number {
    return this.#tileWidth / this.#ratio;
  }

  size(layout: PaperLayout): void {
    this.#layout = layout;
    const ratio = window.devicePixelRatio || 1;
    this.#ratio = ratio;
    // Whole steps of the hatching, so that it joins where tiles do.
    const steps = Math.ceil(layout.traceWidth / TILES_ACROSS / HATCH_STEP_PX);
    this.#tileWidth = Math.round(steps * HATCH_STEP_PX * ratio);
    for (const { layer } of this.#tiles) sizeLayer(layer, this.tileWidth, layout.height);
    this.element.style.left = `${this.#left(layout)}px`;
    this.element.hidden = false;
    this.clear();
  }

  /** Nothing scrolls: no memory is kept. */
  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    for (const { layer } of this.#tiles) sizeLayer(layer, 0, 0);
    this.clear();
  }

  clear(): void {
    for (const tile of this.#tiles) tile.index = null;
    this.#origin = null;
  }

  /** @param moved device pixels since sample 0 that are at the paper's right edge from now on */
  move(moved: number): void {
    const layout = this.#layout;
    if (!layout) return;
    const oldest = Math.floor((moved - layout.traceWidth * this.#ratio) / this.#tileWidth);
    if (oldest !== this.#origin) this.#turn(oldest);
    const x = layout.width - this.#left(layout) + (oldest * this.#tileWidth - moved) / this.#ratio;
    this.#belt.style.transform = `translateX(${x}px)`;
  }

  /** Calls back with every tile that has something of [fromPx, toPx), CSS pixels since sample 0, and where it begins. */
  each(fromPx: number, toPx: number, use: (context: CanvasRenderingContext2D, leftPx: number) => void): void {
    const last = Math.floor(toPx / this.tileWidth);
    for (let index = Math.floor(fromPx / this.tileWidth); index <= last; index++) {
      const tile = this.#at(index);
      if (tile.index === index) use(tile.layer.context, index * this.tileWidth);
    }
  }

  /** Another tile is the leftmost: those that left are at the right now. */
  #turn(oldest: number): void {
    this.#origin = oldest;
    for (let index = oldest; index < oldest + this.#tiles.length; index++) {
      const tile = this.#at(index);
      const { canvas, context } = tile.layer;
      if (tile.index !== index) context.clearRect(0, 0, canvas.width, canvas.height);
      tile.index = index;
      canvas.style.transform = `translateX(${(index - oldest) * this.tileWidth}px)`;
    }
  }

  #at(index: number): Tile {
    const { length } = this.#tiles;
    return this.#tiles[((index % length) + length) % length]!;
  }

  /** The margin with name and pulse is not scrolled over. On a whole device pixel, or every tile would be blurred. */
  #left(layout: PaperLayout): number {
    return Math.round(layout.left * this.#ratio) / this.#ratio;
  }
}
