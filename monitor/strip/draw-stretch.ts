/**
 * Draws samples [from, to) of every lead, the first of them at `x`. Nothing is interpolated: the line breaks at
 * every sample without a value; stretches that are lost or not readable are hatched and say what they are.
 */
import type { StripColours } from './colours.ts';
import type { Band, PaperLayout } from './layout.ts';
import { STATE_WORDS } from './state-words.ts';
import type { Stretch } from './stretch.ts';
import { Labels } from './stretch-labels.ts';
import type { StripSignal } from './strip-signal.ts';

export const HATCH_STEP_PX = 9;

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
  stretch: Stretch,
): void {
  const { from, to, edge } = stretch;
  const labels = new Labels(context, layout, colours, band.top + 12, stretch);
  for (const state of signal.states(band.lead, Math.min(from, edge), to)) {
    if (state.quality === 'good') continue;
    const [startX, endX] = extent(layout, stretch, state.from, state.to);
    hatch(context, startX, band.top, endX - startX, band.height, colours.hole, false);
    labels.write(STATE_WORDS[state.quality], state.from, state.to);
  }
}

function drawHoles(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  signal: StripSignal,
  colours: StripColours,
  stretch: Stretch,
): void {
  const { from, to, edge } = stretch;
  const top = layout.bands[0]?.top ?? 0;
  const height = layout.bands.reduce((sum, band) => sum + band.height, 0);
  const labels = new Labels(context, layout, colours, top + height - 10, stretch);
  for (const hole of signal.holes.items) {
    if (hole.end <= Math.min(from, edge) || hole.sample >= to) continue;
    const [startX, endX] = extent(layout, stretch, hole.sample, hole.end);
    hatch(context, startX, top, endX - startX, height, colours.hole, true);
    const seconds = (hole.end - hole.sample) / signal.rateHz;
    const words = `${seconds < 1 ? seconds.toFixed(2) : seconds.toFixed(1)} s ${hole.cause}`;
    labels.write(words, hole.sample, hole.end);
  }
}

/** From where to where samples [start, end) are in the stretch; the first is beyond the second where they are outside. */
function extent(
  layout: PaperLayout,
  { from, to, x }: Stretch,
  start: number,
  end: number,
): [startX: number, endX: number] {
  const at = (sample: number) => x + (sample - from) * layout.pixelsPerSample;
  return [at(Math.max(from, start)), at(Math.min(to, end))];
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
