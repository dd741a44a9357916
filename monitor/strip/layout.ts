/**
 * Where things are on the paper, in CSS pixels. All scale lives here: a second is `speedMmPerS`
 * millimetres wide, a millivolt `gainMmPerMv` high, a millimetre `pixelsPerMm` pixels.
 */
import type { Settings } from '../bedside/settings.ts';

/** The calibration pulse and the lead's name stand left of the trace, as on a printed strip. */
const MARGIN_MM = 14;
/** Letters, shapes and RR intervals stand above the trace. */
export const MARKS_HEIGHT_PX = 40;
/** Speed, gain and filter are written below it. */
export const FOOT_HEIGHT_PX = 18;
const LARGE_BOX_MM = 5;

export interface Band {
  readonly top: number;
  readonly height: number;
  /** Where 0 mV is: always on a heavy line of the paper. */
  readonly zeroY: number;
}

export interface PaperLayout {
  readonly width: number;
  readonly height: number;
  readonly pixelsPerMm: number;
  readonly pixelsPerSample: number;
  readonly pixelsPerMv: number;
  readonly gainMmPerMv: number;
  readonly speedMmPerS: number;
  /** Left end of the trace, and its width. */
  readonly left: number;
  readonly traceWidth: number;
  readonly bands: readonly Band[];
}

export function layoutPaper(
  width: number,
  height: number,
  leadCount: number,
  rateHz: number,
  settings: Pick<Settings, 'pixelsPerMm' | 'gainMmPerMv' | 'speedMmPerS'>,
): PaperLayout {
  const { pixelsPerMm, gainMmPerMv, speedMmPerS } = settings;
  const left = Math.min(MARGIN_MM * pixelsPerMm, width / 4);
  const largeBox = LARGE_BOX_MM * pixelsPerMm;
  const usable = Math.max(largeBox, height - MARKS_HEIGHT_PX - FOOT_HEIGHT_PX);
  const bandHeight = usable / Math.max(1, leadCount);
  const bands = Array.from({ length: leadCount }, (_, i) => {
    const top = MARKS_HEIGHT_PX + i * bandHeight;
    return { top, height: bandHeight, zeroY: Math.round((top + bandHeight * 0.56) / largeBox) * largeBox };
  });
  return {
    width,
    height,
    pixelsPerMm,
    pixelsPerSample: (speedMmPerS * pixelsPerMm) / rateHz,
    pixelsPerMv: gainMmPerMv * pixelsPerMm,
    gainMmPerMv,
    speedMmPerS,
    left,
    traceWidth: Math.max(1, width - left),
    bands,
  };
}

/** Samples that fit on the trace. */
export function samplesAcross(layout: PaperLayout): number {
  return layout.traceWidth / layout.pixelsPerSample;
}
