/**
 * Where things are on the paper, in CSS pixels. All scale lives here: a second is `speedMmPerS`
 * millimetres wide, a millivolt `gainMmPerMv` high, a millimetre `pixelsPerMm` pixels.
 */
import { CSS_PIXELS_PER_MM, type Settings } from '../bedside/settings.ts';
import type { ShownLead } from './lead-choice.ts';

/** The calibration pulse and the lead's name stand left of the trace, as on a printed strip. */
const MARGIN_MM = 14;
/** Letters, shapes and RR intervals stand above the trace. */
const MARKS_HEIGHT_PX = 40;
/** Speed, gain and filter are written below it. */
const FOOT_HEIGHT_PX = 18;
const LARGE_BOX_MM = 5;

export interface Band extends ShownLead {
  readonly top: number;
  readonly height: number;
  /** Where 0 mV is: always on a heavy line of the paper. */
  readonly zeroY: number;
  readonly pixelsPerMv: number;
}

export interface PaperLayout {
  readonly width: number;
  readonly height: number;
  readonly pixelsPerMm: number;
  readonly pixelsPerSample: number;
  readonly pixelsPerMv: number;
  /** Of leads without a gain of their own. */
  readonly gainMmPerMv: number;
  readonly speedMmPerS: number;
  /** Left end of the trace, and its width. */
  readonly left: number;
  readonly traceWidth: number;
  readonly bands: readonly Band[];
  /** How many times as large letters are as on a desk's screen: from across a room they are to be read too. */
  readonly textScale: number;
  /** Above and below the traces, for marks and for what the strip was drawn with. */
  readonly marksHeight: number;
  readonly footHeight: number;
}

/** @param shown the leads from top to bottom; a number: so many, as they come */
export function layoutPaper(
  width: number,
  height: number,
  shown: number | readonly ShownLead[],
  rateHz: number,
  settings: Pick<Settings, 'pixelsPerMm' | 'gainMmPerMv' | 'speedMmPerS'>,
  textScale = 1,
): PaperLayout {
  const { gainMmPerMv, speedMmPerS } = settings;
  // As long as nobody has measured the screen, the paper grows with the letters.
  const isMeasured = settings.pixelsPerMm !== CSS_PIXELS_PER_MM;
  const pixelsPerMm = settings.pixelsPerMm * (isMeasured ? 1 : textScale);
  const left = Math.min(MARGIN_MM * pixelsPerMm, width / 4);
  const largeBox = LARGE_BOX_MM * pixelsPerMm;
  const marksHeight = MARKS_HEIGHT_PX * textScale;
  const footHeight = FOOT_HEIGHT_PX * textScale;
  const usable = Math.max(largeBox, height - marksHeight - footHeight);
  const leads =
    typeof shown === 'number' ? Array.from({ length: shown }, (_, lead) => ({ lead, gainMmPerMv })) : shown;
  const bandHeight = usable / Math.max(1, leads.length);
  const bands = leads.map((lead, i) => {
    const top = marksHeight + i * bandHeight;
    return {
      ...lead,
      top,
      height: bandHeight,
      zeroY: Math.round((top + bandHeight * 0.56) / largeBox) * largeBox,
      pixelsPerMv: lead.gainMmPerMv * pixelsPerMm,
    };
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
    textScale,
    marksHeight,
    footHeight,
  };
}

/** Samples that fit on the trace. */
export function samplesAcross(layout: PaperLayout): number {
  return layout.traceWidth / layout.pixelsPerSample;
}
