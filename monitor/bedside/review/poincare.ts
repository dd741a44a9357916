/** Each RR interval against the next: a comet when regular, a cloud in fibrillation, islands with premature beats. */

import { drawClassShape } from '../../strip/class-shape.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import { Plot } from './plot.ts';
import type { BeatsOfStretch } from './review-data.ts';

const MIN_MS = 200;
const MAX_MS = 1800;
const GRID_MS = [500, 1000, 1500];
const EDGE_PX = 40;

export class PoincarePlot {
  readonly #plot = new Plot('poincare', 'Poincaré: an RR interval against the next', 'Poincaré plot');

  get element(): HTMLElement {
    return this.#plot.element;
  }

  show({ timesMs, labels }: BeatsOfStretch): void {
    const area = this.#plot.begin();
    if (!area) return;
    const { context, width, height, colours } = area;
    const side = Math.min(width - EDGE_PX - 6, height - 24);
    const at = (ms: number) => ((Math.max(MIN_MS, Math.min(MAX_MS, ms)) - MIN_MS) / (MAX_MS - MIN_MS)) * side;
    const x = (ms: number) => EDGE_PX + at(ms);
    const y = (ms: number) => 4 + side - at(ms);
    for (const ms of GRID_MS) {
      context.fillStyle = colours.gridHeavy;
      context.fillRect(EDGE_PX, Math.round(y(ms)), side, 1);
      context.fillRect(Math.round(x(ms)), 4, 1, side);
      context.fillStyle = colours.textMuted;
      context.textAlign = 'right';
      context.fillText(String(ms), EDGE_PX - 5, y(ms));
      context.textAlign = 'center';
      context.fillText(`${ms}${ms === 1500 ? ' ms' : ''}`, x(ms), side + 14);
    }
    let count = 0;
    for (let i = 2; i < timesMs.length; i++) {
      const before = timesMs[i - 1]! - timesMs[i - 2]!;
      const next = timesMs[i]! - timesMs[i - 1]!;
      if (before > 3000 || next > 3000) continue;
      const key = labels[i - 1] ?? 'unclassified';
      context.fillStyle = colours.classes[key];
      context.strokeStyle = colours.classes[key];
      context.globalAlpha = 0.6;
      drawClassShape(context, CLASS_LOOKS[key].shape, x(before), y(next), key === 'N' ? 4 : 5);
      count++;
    }
    context.globalAlpha = 1;
    this.#plot.describe(
      'Poincaré: an RR interval against the next',
      `Poincaré plot of ${count} pairs of RR intervals`,
    );
  }
}
