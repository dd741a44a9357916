/** Wall-clock time along the foot of a still strip: a tick a second, words where there is room. */
import { clockTime } from '../time.ts';
import type { StripColours } from './colours.ts';
import type { PaperLayout } from './layout.ts';

const MIN_LABEL_DISTANCE_PX = 90;

export function drawTimeAxis(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  colours: StripColours,
  from: number,
  rateHz: number,
  timeOf: (sample: number) => number | null,
): void {
  const startMs = timeOf(from);
  if (startMs === null) return;
  const pixelsPerS = layout.pixelsPerSample * rateHz;
  const labelEvery =
    [1, 2, 5, 10, 30, 60].find((s) => s * pixelsPerS >= MIN_LABEL_DISTANCE_PX * layout.textScale) ?? 60;
  const y = layout.height - layout.footHeight;
  context.font = `${11 * layout.textScale}px ${colours.font}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  const firstS = Math.ceil(startMs / 1000);
  // The left third of the foot belongs to speed, gain and filter.
  const clearOf = 250 * layout.textScale;
  for (let s = firstS; ; s++) {
    const x = layout.left + ((s * 1000 - startMs) / 1000) * pixelsPerS;
    if (x > layout.width) return;
    context.fillStyle = colours.textMuted;
    context.fillRect(Math.round(x), y, 1, s % labelEvery === 0 ? 5 : 3);
    if (s % labelEvery === 0 && x > clearOf && x < layout.width - 30 * layout.textScale) {
      context.fillText(clockTime(s * 1000), x, y + 11 * layout.textScale);
    }
  }
}
