/**
 * The beds side by side, as large as they can be; what stands is sorted up, unless somebody wants fixed places. Nothing moves
 * under a pointer: a click meant for one bed must not reach another.
 */
import { h } from '../../dom.ts';
import type { Bed } from '../beds/bed.ts';
import { Tile, type TileActions } from './tile.ts';

/** Width to height of a tile that reads well. */
const SHAPE = 1.75;
/** On a phone: one below the other, and the page scrolls. */
const NARROW_PX = 700;
/** Nothing moves so long after a hand was there. */
const HAND_MS = 2500;
/** Frames a second of the traces: the eye sees no more in a tile. */
const FRAME_MS = 30;

export class Grid {
  readonly element = h('div.ward-grid');
  readonly #actions: TileActions;
  readonly #onScreen = new Set<Tile>();
  readonly #watcher = new IntersectionObserver((entries) => this.#seen(entries));
  #tiles: readonly Tile[] = [];
  #handMs = Number.NEGATIVE_INFINITY;
  #drawnMs = 0;
  isSorted = true;

  constructor(actions: TileActions) {
    this.#actions = actions;
  }

  get tiles(): readonly Tile[] {
    return this.#tiles;
  }

  *bedsOnScreen(): Generator<Bed> {
    if (document.hidden) return;
    for (const { bed } of this.#onScreen) yield bed;
  }

  start(): void {
    new ResizeObserver(() => this.#arrange()).observe(this.element);
    for (const event of ['pointermove', 'pointerdown', 'keydown'] as const) {
      this.element.addEventListener(event, () => {
        this.#handMs = performance.now();
      });
    }
    const frame = (nowMs: number): void => {
      requestAnimationFrame(frame);
      if (nowMs - this.#drawnMs < FRAME_MS) return;
      this.#drawnMs = nowMs;
      for (const tile of this.#onScreen) tile.frame(nowMs);
    };
    requestAnimationFrame(frame);
  }

  setBeds(beds: readonly Bed[]): void {
    const before = new Map(this.#tiles.map((tile) => [tile.bed, tile]));
    this.#tiles = beds.map((bed) => before.get(bed) ?? new Tile(bed, this.#actions));
    this.#watcher.disconnect();
    this.#onScreen.clear();
    this.element.replaceChildren(...this.#tiles.map(({ element }) => element));
    for (const { element } of this.#tiles) this.#watcher.observe(element);
    this.#arrange();
  }

  update(steadyMs: number): void {
    for (const tile of this.#tiles) tile.update(steadyMs);
    if (steadyMs - this.#handMs > HAND_MS) this.#sort();
  }

  redraw(): void {
    for (const tile of this.#tiles) tile.redraw();
  }

  /** The order of the list among equals. */
  #sort(): void {
    const places = this.isSorted ? this.#tiles.toSorted((a, b) => a.rank - b.rank) : this.#tiles;
    for (const [place, { element }] of places.entries()) {
      if (element.style.order !== String(place)) element.style.order = String(place);
    }
  }

  #arrange(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    const count = this.#tiles.length;
    if (width === 0 || count === 0) return;
    const columns = width < NARROW_PX ? 1 : columnsFor(count, width, height);
    this.element.style.setProperty('--columns', String(columns));
    this.element.style.setProperty('--rows', String(Math.ceil(count / columns)));
    this.element.classList.toggle('narrow', width < NARROW_PX);
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const tile = this.#tiles.find(({ element }) => element === target);
      if (tile === undefined) continue;
      if (isIntersecting) this.#onScreen.add(tile);
      else this.#onScreen.delete(tile);
    }
  }
}

/** As many columns as make the tiles largest. */
function columnsFor(count: number, width: number, height: number): number {
  let best = 1;
  let largest = 0;
  for (let columns = 1; columns <= count; columns++) {
    const size = Math.min(width / columns / SHAPE, height / Math.ceil(count / columns));
    if (size > largest + 0.5) {
      largest = size;
      best = columns;
    }
  }
  return best;
}
