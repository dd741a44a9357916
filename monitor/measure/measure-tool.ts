/**
 * Calipers on a still strip, by pointer or by keys: drag opens them, a leg that is touched moves, arrows move the
 * right leg, shift and arrows the left one.
 */
import { h, setText } from '../dom.ts';
import {
  bandAt,
  type CaliperLegs,
  describeMeasurement,
  drawCalipers,
  drawSign,
  measure,
  millivoltsAt,
  yOfMillivolts,
} from '../strip/calipers.ts';
import { drawTimeAxis } from '../strip/time-axis.ts';
import type { StillPaper, TimedSignal } from './still-paper.ts';

const GRAB_PX = 9;
const KEY_STEP_MV = 0.02;
const COARSE = 10;

type Leg = 'a' | 'b';

export class MeasureTool {
  /** The reading in words, for those who do not see the paper. */
  readonly reading = h('output.visually-hidden', { 'aria-live': 'polite' });
  readonly #strip: StillPaper;
  readonly #signal: () => TimedSignal;
  #legs: CaliperLegs | null = null;
  #march = false;
  active = false;

  constructor(strip: StillPaper, signal: () => TimedSignal) {
    this.#strip = strip;
    this.#signal = signal;
  }

  get legs(): CaliperLegs | null {
    return this.#legs;
  }

  start(): void {
    const { element } = this.#strip;
    element.addEventListener('pointerdown', (event) => this.#pointerDown(event));
  }

  /** Opens calipers around the last two beats in view, where there are any: a first reading without a drag. */
  activate(active: boolean): void {
    this.active = active;
    if (active && this.#legs === null) this.#legs = this.#fromBeats();
    if (!active) this.#legs = null;
    this.draw();
  }

  toggleMarch(): void {
    this.#march = !this.#march;
    this.draw();
  }

  /** @returns whether the key meant the calipers. */
  key(event: KeyboardEvent): boolean {
    if (!this.active || this.#legs === null) return false;
    const leg: Leg = event.shiftKey ? 'a' : 'b';
    const factor = event.ctrlKey || event.altKey ? COARSE : 1;
    switch (event.key) {
      case 'ArrowLeft':
        this.#move(leg, -factor, 0);
        return true;
      case 'ArrowRight':
        this.#move(leg, factor, 0);
        return true;
      case 'ArrowUp':
        this.#move(leg, 0, KEY_STEP_MV * factor);
        return true;
      case 'ArrowDown':
        this.#move(leg, 0, -KEY_STEP_MV * factor);
        return true;
    }
    return false;
  }

  draw(): void {
    const { layout, colours, overlay } = this.#strip;
    if (!colours) return;
    const { context } = overlay;
    context.clearRect(0, 0, layout.width, layout.height);
    if (!this.#strip.frozen) {
      setText(this.reading, '');
      return;
    }
    const { from } = this.#strip.view;
    drawTimeAxis(context, layout, colours, from, this.#signal().rateHz, (sample) =>
      this.#signal().timeOf(sample),
    );
    if (!this.active || this.#legs === null) {
      setText(this.reading, '');
      return;
    }
    const legs = this.#legs;
    const words = describeMeasurement(measure(legs, this.#signal().rateHz));
    drawCalipers(context, layout, colours, legs, (sample) => this.#strip.xOf(sample), this.#march);
    const middle = (this.#strip.xOf(legs.a) + this.#strip.xOf(legs.b)) / 2;
    drawSign(context, layout, colours, words, middle, layout.marksHeight + 20);
    setText(this.reading, words);
  }

  #pointerDown(event: PointerEvent): void {
    if (!this.active || !this.#strip.frozen || event.button !== 0) return;
    const start = this.#place(event);
    if (start === null) return;
    event.preventDefault();
    this.#strip.element.setPointerCapture(event.pointerId);
    const grabbed = this.#grabbed(event.offsetX);
    if (grabbed === null) {
      const mv = millivoltsAt(this.#strip.layout, start.lead, start.y);
      this.#legs = { a: start.sample, b: start.sample, lead: start.lead, fromMv: mv, toMv: mv };
    }
    const leg: Leg = grabbed ?? 'b';
    const move = (moved: PointerEvent): void => {
      const place = this.#place(moved);
      if (place === null || this.#legs === null) return;
      const { lead } = this.#legs;
      const mv = millivoltsAt(this.#strip.layout, lead, place.y);
      this.#legs = { ...this.#legs, [leg]: place.sample, ...(grabbed === null ? { toMv: mv } : {}) };
      this.draw();
    };
    const stop = (): void => {
      this.#strip.element.removeEventListener('pointermove', move);
      this.#strip.element.removeEventListener('pointerup', stop);
      this.#strip.element.removeEventListener('pointercancel', stop);
    };
    this.#strip.element.addEventListener('pointermove', move);
    this.#strip.element.addEventListener('pointerup', stop);
    this.#strip.element.addEventListener('pointercancel', stop);
    this.draw();
  }

  #place(event: PointerEvent): { sample: number; lead: number; y: number } | null {
    const box = this.#strip.element.getBoundingClientRect();
    const y = event.clientY - box.top;
    const sample = this.#strip.sampleAt(event.clientX - box.left);
    return sample === null ? null : { sample: Math.round(sample), lead: bandAt(this.#strip.layout, y), y };
  }

  #grabbed(x: number): Leg | null {
    if (this.#legs === null) return null;
    const { a, b } = this.#legs;
    const [toA, toB] = [Math.abs(this.#strip.xOf(a) - x), Math.abs(this.#strip.xOf(b) - x)];
    if (Math.min(toA, toB) > GRAB_PX) return null;
    return toA < toB ? 'a' : 'b';
  }

  #move(leg: Leg, samples: number, mv: number): void {
    const legs = this.#legs!;
    const side = leg === 'a' ? 'fromMv' : 'toMv';
    this.#legs = { ...legs, [leg]: legs[leg] + samples, [side]: legs[side] + mv };
    this.draw();
  }

  #fromBeats(): CaliperLegs | null {
    const { from, to } = this.#strip.view;
    const { beats } = this.#signal();
    const end = beats.indexFrom(to);
    const last = beats.items[end - 1];
    const before = beats.items[end - 2];
    if (this.#strip.layout.bands.length === 0) return null;
    const half = this.#signal().rateHz / 2;
    const b = last?.sample ?? Math.round((from + to) / 2 + half);
    const a = before && before.sample > from ? before.sample : b - 2 * half;
    const top = yOfMillivolts(this.#strip.layout, 0, 1);
    return { a, b, lead: 0, fromMv: 0, toMv: millivoltsAt(this.#strip.layout, 0, top) };
  }
}
