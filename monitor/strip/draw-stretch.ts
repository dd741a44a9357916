/**
 * Draws samples [from, to) of every lead, the first of them at `x`. Nothing is interpolated: the line breaks at
 * every sample without a value; stretches that are lost or not readable are hatched and say what they are.
 */
import type { StripColours } from './colours.ts';
import type { Band, PaperLayout } from './layout.ts';
import { STATE_WORDS } from './state-words.ts';
import type { StripSignal } from './strip-signal.ts';

const LABEL_WIDTH_PX = 92;
const HATCH_STEP_PX = 9;

export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  /** The sample at the left edge of the paper in this sweep: words about older stretches start there. */
  readonly edge: number;
}

export function drawStretch(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  signal: StripSignal,
  colours: StripColours,
  baselines: readonly number[],
  stretch: Stretch,
): void {
  drawHoles(context, layout, signal, colours, stretch);
  for (const band of layout.bands) {
    drawStates(context, layout, signal, colours, band, stretch);
    drawTrace(context, layout, signal, colours, band, baselines[band.lead] ?? 0, stretch);
  }
}

function drawTrace(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  signal: StripSignal,
  colours: StripColours,
  band: Band,
  baselineMv: number,
  { from, to, x }: Stretch,
): void {
  const shown = signal.leads[band.lead]?.shown;
  if (!shown) return;
  const { pixelsPerSample } = layout;
  const { pixelsPerMv } = band;
  const zeroY = band.zeroY + baselineMv * pixelsPerMv;
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.4 * layout.textScale;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.beginPath();
  let penDown = false;
  for (let i = Math.floor(from) - 1; i < to; i++) {
    const value = shown.at(i);
    if (Number.isNaN(value)) {
      penDown = false;
      continue;
    }
    const px = x + (i - from) * pixelsPerSample;
    // A huge offset would otherwise make the rasteriser work on pixels nobody sees.
    const py = Math.max(-4000, Math.min(8000, zeroY - value * pixelsPerMv));
    if (penDown) context.lineTo(px, py);
    else if (i >= from - 1) context.moveTo(px, py);
    penDown = true;
  }
  context.stroke();
}

function drawStates(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  signal: StripSignal,
  colours: StripColours,
  band: Band,
  { from, to, x, edge }: Stretch,
): void {
  for (const state of signal.states(band.lead, from, to)) {
    if (state.quality === 'good') continue;
    const start = Math.max(from, state.from);
    const end = Math.min(to, state.to);
    const startX = x + (start - from) * layout.pixelsPerSample;
    const endX = x + (end - from) * layout.pixelsPerSample;
    hatch(context, startX, band.top, endX - startX, band.height, colours.hole, false);
    const anchor = Math.max(state.from, edge);
    writeLabel(context, layout, colours, STATE_WORDS[state.quality], band.top + 12, anchor, {
      from,
      to,
      x,
      edge,
    });
  }
}

function drawHoles(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  signal: StripSignal,
  colours: StripColours,
  stretch: Stretch,
): void {
  const { from, to, x, edge } = stretch;
  const top = layout.bands[0]?.top ?? 0;
  const height = layout.bands.reduce((sum, band) => sum + band.height, 0);
  for (const hole of signal.holes.items) {
    if (hole.end <= from || hole.sample >= to) continue;
    const start = Math.max(from, hole.sample);
    const end = Math.min(to, hole.end);
    const startX = x + (start - from) * layout.pixelsPerSample;
    hatch(context, startX, top, (end - start) * layout.pixelsPerSample, height, colours.hole, true);
    const seconds = (hole.end - hole.sample) / signal.rateHz;
    const words = `${seconds < 1 ? seconds.toFixed(2) : seconds.toFixed(1)} s ${hole.cause}`;
    writeLabel(context, layout, colours, words, top + height - 10, Math.max(hole.sample, edge), stretch);
  }
}

/** Written once the pen has passed its place, or the erase bar would take it away again. */
function writeLabel(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  colours: StripColours,
  words: string,
  y: number,
  anchor: number,
  { from, to, x }: Stretch,
): void {
  const due = anchor + (LABEL_WIDTH_PX * layout.textScale) / layout.pixelsPerSample;
  if (due < from || due >= to) return;
  const labelX = x + (anchor - from) * layout.pixelsPerSample + 4;
  const size = 11 * layout.textScale;
  context.font = `600 ${size}px ${colours.font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = colours.paper;
  context.fillRect(labelX - 2, y - size * 0.73, context.measureText(words).width + 4, size * 1.46);
  context.fillStyle = colours.text;
  context.fillText(words, labelX, y);
}

/** Diagonal lines at fixed places of the paper, so that stretches drawn piece by piece join. */
function hatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  crossed: boolean,
): void {
  if (width <= 0) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  const first = Math.floor((x - height) / HATCH_STEP_PX) * HATCH_STEP_PX;
  for (let at = first; at < x + width + height; at += HATCH_STEP_PX) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
    if (crossed) {
      context.moveTo(at, y);
      context.lineTo(at + height, y + height);
    }
  }
  context.stroke();
  context.restore();
}
