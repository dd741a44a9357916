/** Above the trace: a tick at each R, the class as letter and shape once it is known, RR intervals in between. */
import { CLASS_LOOKS } from '../style/class-looks.ts';
import { drawClassShape } from './class-shape.ts';
import type { StripColours } from './colours.ts';
import { MARKS_HEIGHT_PX, type PaperLayout } from './layout.ts';
import { classOf, type StripBeat } from './strip-signal.ts';

/** Half the width of a letter: marks are drawn when the pen is past it. */
export const MARK_HALF_WIDTH_PX = 9;
const LETTER_Y = 13;
const SHAPE_Y = 27;
const TICK_Y = MARKS_HEIGHT_PX - 6;
/** Narrower intervals have no room for their number. */
const RR_MIN_WIDTH_PX = 44;

export function drawPeakTick(context: CanvasRenderingContext2D, colours: StripColours, x: number): void {
  context.fillStyle = colours.inkMuted;
  context.fillRect(Math.round(x) - 0.5, TICK_Y, 1, 6);
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
  drawPeakTick(context, colours, x);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  context.font = `${key === 'N' ? 500 : 700} 15px ${colours.font}`;
  context.fillText(look.letter, x, LETTER_Y);
  drawClassShape(context, look.shape, x, SHAPE_Y, 9);
  if (beat.rr_ms === null) return;
  const width = (beat.rr_ms / 1000) * layout.speedMmPerS * layout.pixelsPerMm;
  if (width < RR_MIN_WIDTH_PX || x - width < left) return;
  context.font = `11px ${colours.font}`;
  context.fillStyle = colours.textMuted;
  context.fillText(String(Math.round(beat.rr_ms)), x - width / 2, LETTER_Y + 1);
}

/** A breath of colour behind beats that are not normal, so that they are found from across the room. */
function tint(context: CanvasRenderingContext2D, layout: PaperLayout, colour: string, x: number): void {
  const half = 0.09 * layout.speedMmPerS * layout.pixelsPerMm;
  const bottom = layout.bands.at(-1);
  if (!bottom) return;
  context.save();
  context.globalAlpha = 0.1;
  context.fillStyle = colour;
  context.fillRect(x - half, MARKS_HEIGHT_PX, 2 * half, bottom.top + bottom.height - MARKS_HEIGHT_PX);
  context.restore();
}
