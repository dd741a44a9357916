/** ECG paper: 1 mm and 5 mm lines, the calibration pulse, the lead's name, and what the strip was drawn with. */
import type { StripColours } from './colours.ts';
import type { Band, PaperLayout } from './layout.ts';

/** The pulse of a printed ECG: 1 mV for 200 ms. */
const PULSE_MV = 1;
const PULSE_S = 0.2;

export interface PaperText {
  /** Of all leads of the signal. */
  readonly leadNames: readonly string[];
  /** Names of those that a person does not want to see; left out: none. */
  readonly hidden?: readonly string[];
  /** Such as `0.5–40 Hz`. */
  readonly filter: string;
  readonly pulse: boolean;
}

export function drawPaper(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  colours: StripColours,
  text: PaperText,
): void {
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, layout.width, layout.height);
  drawGrid(context, layout, colours);
  for (const band of layout.bands) {
    context.fillStyle = colours.text;
    context.font = `600 ${14 * layout.textScale}px ${colours.font}`;
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    const gain = band.gainMmPerMv === layout.gainMmPerMv ? '' : `  ${band.gainMmPerMv} mm/mV`;
    const y = Math.max(band.top + 14 * layout.textScale, band.zeroY - band.pixelsPerMv * PULSE_MV - 9);
    context.fillText(`${text.leadNames[band.lead] ?? ''}${gain}`, 8, y);
    if (text.pulse) drawPulse(context, layout, colours, band);
  }
  context.font = `${12 * layout.textScale}px ${colours.font}`;
  context.fillStyle = colours.textMuted;
  const hidden = text.hidden ?? [];
  const missing = hidden.length === 0 ? '' : `   ${hidden.join(', ')} not shown`;
  context.fillText(
    `${layout.speedMmPerS} mm/s   ${layout.gainMmPerMv} mm/mV   ${text.filter}${missing}`,
    8,
    layout.height - 6,
  );
}

function drawGrid(context: CanvasRenderingContext2D, layout: PaperLayout, colours: StripColours): void {
  const { width, height, pixelsPerMm } = layout;
  // Below 2.5 pixels a millimetre the fine lines would be a grey wash.
  const steps = pixelsPerMm < 2.5 ? [5] : [1, 5];
  for (const step of steps) {
    context.fillStyle = step === 1 ? colours.gridFine : colours.gridHeavy;
    const size = step * pixelsPerMm;
    for (let i = 0; i * size <= width; i++) {
      if (step === 5 || i % 5 !== 0) context.fillRect(Math.round(i * size), 0, 1, height);
    }
    for (let i = 0; i * size <= height; i++) {
      if (step === 5 || i % 5 !== 0) context.fillRect(0, Math.round(i * size), width, 1);
    }
  }
}

function drawPulse(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  colours: StripColours,
  { zeroY, pixelsPerMv }: Band,
): void {
  const mm = layout.pixelsPerMm;
  const x = 3 * mm;
  const width = PULSE_S * layout.speedMmPerS * mm;
  const top = zeroY - PULSE_MV * pixelsPerMv;
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.3;
  context.lineJoin = 'miter';
  context.beginPath();
  context.moveTo(x - 1.5 * mm, zeroY);
  context.lineTo(x, zeroY);
  context.lineTo(x, top);
  context.lineTo(Math.min(x + width, layout.left - 2 * mm), top);
  context.lineTo(Math.min(x + width, layout.left - 2 * mm), zeroY);
  context.lineTo(Math.min(x + width + 1.5 * mm, layout.left - mm), zeroY);
  context.stroke();
}
