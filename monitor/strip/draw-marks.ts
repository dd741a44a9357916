/** Above the trace: a tick at each R, the class as letter and shape once it is known, RR intervals in between. */
import { CLASS_LOOKS } from '../style/class-looks.ts';
import { drawClassShape } from './class-shape.ts';
import type { StripColours } from './colours.ts';
import type { PaperLayout } from './layout.ts';
import { classOf, type StripBeat } from './strip-signal.ts';

/** Half the width of a letter: marks are drawn when the pen is past it. */
export const MARK_HALF_WIDTH_PX = 9;
const LETTER_Y = 13;
const SHAPE_Y = 27;
const TICK_HEIGHT = 6;
/** Narrower intervals have no room for their number. */
const RR_MIN_WIDTH_PX = 44;
const TINT_HALF_S = 0.09;

export function drawPeakTick(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  colours: StripColours,
  x: number,
): void {
  context.fillStyle = colours.inkMuted;
  context.fillRect(Math.round(x) - 0.5, layout.marksHeight - TICK_HEIGHT, 1, TICK_HEIGHT);
}

/** How far a beat's marks reach to the left of it, in CSS pixels. */
export function beatReachPx(layout: PaperLayout, { rr_ms }: Pick<StripBeat, 'rr_ms'>): number {
  const intervalPx = ((rr_ms ?? 0) / 1000) * layout.speedMmPerS * layout.pixelsPerMm;
  const numberPx =
    intervalPx < RR_MIN_WIDTH_PX * layout.textScale
      ? 0
      : intervalPx / 2 + (RR_MIN_WIDTH_PX / 2) * layout.textScale;
  return Math.max(numberPx, tintHalfPx(layout), MARK_HALF_WIDTH_PX * layout.textScale);
}

/** @param left no mark reaches further left than this. */
export function drawBeat(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  colours: StripColours,
  beat: StripBeat,
  x: number,
  left: number,
): void {
  const key = classOf(beat);
  const look = CLASS_LOOKS[key];
  const colour = colours.classes[key];
  if (key !== 'N' && key !== '/' && key !== 'unclassified') tint(context, layout, colour, x);
  drawPeakTick(context, layout, colours, x);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colour;
  context.strokeStyle = colour;
  const scale = layout.textScale;
  context.lineWidth = 1.6 * scale;
  context.font = `${key === 'N' ? 500 : 700} ${15 * scale}px ${colours.font}`;
  context.fillText(look.letter, x, LETTER_Y * scale);
  drawClassShape(context, look.shape, x, SHAPE_Y * scale, 9 * scale);
  if (beat.rr_ms === null) return;
  const width = (beat.rr_ms / 1000) * layout.speedMmPerS * layout.pixelsPerMm;
  if (width < RR_MIN_WIDTH_PX * scale || x - width < left) return;
  context.font = `${11 * scale}px ${colours.font}`;
  context.fillStyle = colours.textMuted;
  context.fillText(String(Math.round(beat.rr_ms)), x - width / 2, LETTER_Y * scale + 1);
}

/** A breath of colour behind beats that are not normal, so that they are found from across the room. */
function tint(context: CanvasRenderingContext2D, layout: PaperLayout, colour: string, x: number): void {
  const half = tintHalfPx(layout);
  const bottom = layout.bands.at(-1);
  if (!bottom) return;
  context.save();
  context.globalAlpha = 0.1;
  context.fillStyle = colour;
  context.fillRect(x - half, layout.marksHeight, 2 * half, bottom.top + bottom.height - layout.marksHeight);
  context.restore();
}

/** As wide as a QRS that is wide. */
export function tintHalfPx(layout: PaperLayout): number {
  return TINT_HALF_S * layout.speedMmPerS * layout.pixelsPerMm;
}
