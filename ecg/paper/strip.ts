/** A strip of ECG on paper: leads one below the other, marks above and below them. */
import { type Drawing, INK, type Line, type Text } from './drawing.ts';
import { MM_PER_MILLIVOLT, MM_PER_SECOND, traceLines } from './trace.ts';

export interface StripMark {
  /** In samples of the signal. */
  readonly sample: number;
  readonly text: string;
  /** Marks stand in rows above (`over`) and below (`under`) the leads. */
  readonly row: 'over' | 'under';
  readonly colour: string;
  /** A line through the leads at its place. */
  readonly line?: boolean;
}

export interface Strip {
  readonly title: string;
  /** Below the leads, small; empty for none. */
  readonly footer: string;
  readonly rateHz: number;
  readonly first: number;
  readonly count: number;
  readonly leads: readonly { readonly name: string; readonly samples: Float32Array }[];
  readonly marks: readonly StripMark[];
}

const TITLE_MM = 6;
const ROW_MM = 4.5;
const TEXT_MM = 3.2;
const FOOTER_MM = 5;
/** Each lead has this much paper: 3.5 mV; two leads twice fit on A4. */
const LEAD_MM = 35;

export function drawStrip(strip: Strip): Drawing {
  const { rateHz, first, count, leads } = strip;
  const widthMm = Math.max(5, Math.ceil((count / rateHz) * MM_PER_SECOND));
  const gridY = TITLE_MM + ROW_MM;
  const gridMm = leads.length * LEAD_MM;
  const heightMm = gridY + gridMm + ROW_MM + (strip.footer === '' ? 1 : FOOTER_MM);
  const marks = strip.marks.filter(({ sample }) => sample >= first && sample < first + count);
  const xOf = (sample: number) => ((sample - first) / rateHz) * MM_PER_SECOND;

  const lines: Line[] = [];
  const texts: Text[] = [text(1, TITLE_MM - 2, strip.title)];
  for (const mark of marks) {
    const x = xOf(mark.sample);
    if (mark.line === true) {
      const points = [x, gridY, x, gridY + gridMm];
      lines.push({ kind: 'line', points, strokeMm: 0.3, colour: mark.colour });
    }
    const y = mark.row === 'over' ? gridY - 1 : gridY + gridMm + ROW_MM - 1;
    // A long text at the very beginning would be cut off.
    const isAtEdge = x < (mark.text.length * TEXT_MM) / 4;
    texts.push({ ...text(x, y, mark.text), colour: mark.colour, anchor: isAtEdge ? 'start' : 'middle' });
  }
  for (const [index, lead] of leads.entries()) {
    const y = gridY + index * LEAD_MM;
    lines.push(...traceLines(lead.samples, first, count, rateHz, { x: 0, y, heightMm: LEAD_MM }));
    texts.push(text(1, y + TEXT_MM + 0.5, lead.name));
  }
  if (strip.footer !== '') texts.push({ ...text(1, heightMm - 1.5, strip.footer), sizeMm: 2.6 });
  return {
    widthMm,
    heightMm,
    items: [{ kind: 'grid', x: 0, y: gridY, width: widthMm, height: gridMm }, ...lines, ...texts],
  };
}

function text(x: number, y: number, content: string): Text {
  return { kind: 'text', x, y, sizeMm: TEXT_MM, colour: INK, anchor: 'start', text: content };
}

export const SCALE_TEXT = `${MM_PER_SECOND} mm/s  ${MM_PER_MILLIVOLT} mm/mV`;
