/** A strip of ECG on paper: leads one below the other, marks above and below them. */
import { type Drawing, INK, type Line, type Text } from './drawing.ts';
import { shortened, textWidth } from './text-width.ts';
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
  /** A second line below the title; left out or empty: none. */
  readonly facts?: string;
  /** Below the leads, small; empty for none. */
  readonly footer: string;
  readonly rateHz: number;
  readonly first: number;
  readonly count: number;
  readonly leads: readonly { readonly name: string; readonly samples: Float32Array }[];
  readonly marks: readonly StripMark[];
  /** The pulse of 1 mV and 0.2 s before each lead, by which a reader checks the scale. */
  readonly pulse?: boolean;
  /** Paper of each lead; left out: 35 mm. */
  readonly leadMm?: number;
}

const TITLE_MM = 6;
const FACTS_MM = 4.2;
const ROW_MM = 4.5;
const TEXT_MM = 3.2;
const FOOTER_MM = 5;
/** Each lead has this much paper: 3.5 mV; two leads twice fit on A4. */
const LEAD_MM = 35;
/** Paper before the leads for the pulse, and the pulse itself: 5 mm wide, 10 mm high. */
const PULSE_ROOM_MM = 8;
const PULSE_FROM_MM = 1.5;
const PULSE_MM = 5;
const PULSE_STROKE_MM = 0.25;
/** A title may be wider than a strip of a second or two. */
const SHORTEST_TITLE_MM = 150;
/** Between two marks of a row. */
const APART_MM = 1.5;

export function drawStrip(strip: Strip): Drawing {
  const { rateHz, first, count, leads, facts = '', pulse = false, leadMm = LEAD_MM } = strip;
  const left = pulse ? PULSE_ROOM_MM : 0;
  const widthMm = left + Math.max(5, Math.ceil((count / rateHz) * MM_PER_SECOND));
  const headMm = TITLE_MM + (facts === '' ? 0 : FACTS_MM);
  const gridY = headMm + ROW_MM;
  const gridMm = leads.length * leadMm;
  const marks = strip.marks.filter(({ sample }) => sample >= first && sample < first + count);
  const xOf = (sample: number) => left + ((sample - first) / rateHz) * MM_PER_SECOND;
  const placed = [
    ...inRow(marks, 'over', xOf, widthMm).map((mark) => ({ ...mark, y: gridY - 1 })),
    ...inRow(marks, 'under', xOf, widthMm).map((mark) => ({ ...mark, y: gridY + gridMm + ROW_MM - 1 })),
  ];
  const heightMm = gridY + gridMm + ROW_MM + (strip.footer === '' ? 1 : FOOTER_MM);

  const lines: Line[] = [];
  const texts: Text[] = [
    text(1, TITLE_MM - 2, shortened(strip.title, TEXT_MM, Math.max(widthMm - 2, SHORTEST_TITLE_MM))),
  ];
  if (facts !== '') texts.push(text(1, headMm - 1.6, facts));
  for (const mark of marks) {
    if (mark.line !== true) continue;
    const x = xOf(mark.sample);
    lines.push({ kind: 'line', points: [x, gridY, x, gridY + gridMm], strokeMm: 0.3, colour: mark.colour });
  }
  for (const { x, y, words, colour } of placed)
    texts.push({ ...text(x, y, words), colour, anchor: 'middle' });
  for (const [index, lead] of leads.entries()) {
    const y = gridY + index * leadMm;
    lines.push(...traceLines(lead.samples, first, count, rateHz, { x: left, y, heightMm: leadMm }));
    if (pulse) lines.push(pulseLine(y + leadMm / 2));
    texts.push(text(1, y + TEXT_MM + 0.5, lead.name));
  }
  if (strip.footer !== '') texts.push({ ...text(1, heightMm - 1.5, strip.footer), sizeMm: 2.6 });
  return {
    widthMm,
    heightMm,
    items: [{ kind: 'grid', x: 0, y: gridY, width: widthMm, height: gridMm }, ...lines, ...texts],
  };
}

interface PlacedMark {
  /** Of the middle. */
  readonly x: number;
  readonly words: string;
  readonly colour: string;
}

/**
 * Each text in the middle above or below its sample. One that would run into the text before it begins behind that; one
 * that would leave the paper ends at its edge, and what finds no room at all is left out: the first mark of a place says most.
 */
function inRow(
  marks: readonly StripMark[],
  row: StripMark['row'],
  xOf: (sample: number) => number,
  widthMm: number,
): PlacedMark[] {
  const placed: PlacedMark[] = [];
  let free = 0;
  for (const { sample, text: words, row: own, colour } of [...marks].sort((a, b) => a.sample - b.sample)) {
    if (own !== row || words === '') continue;
    const width = textWidth(words, TEXT_MM);
    const wanted = Math.max(0, Math.min(xOf(sample) - width / 2, widthMm - width));
    const x = Math.max(free, wanted);
    const shown = shortened(words, TEXT_MM, widthMm - x);
    if (shown === '...' || (x > wanted && words.length === 1 && x - wanted > TEXT_MM)) continue;
    const shownMm = textWidth(shown, TEXT_MM);
    placed.push({ x: x + shownMm / 2, words: shown, colour });
    free = x + shownMm + (words.length === 1 ? 0 : APART_MM);
  }
  return placed;
}

/** Up, along and down again, around the middle of the lead. */
function pulseLine(middleY: number): Line {
  const low = middleY + MM_PER_MILLIVOLT / 2;
  const high = middleY - MM_PER_MILLIVOLT / 2;
  const from = PULSE_FROM_MM;
  const to = from + PULSE_MM;
  const points = [0, low, from, low, from, high, to, high, to, low, PULSE_ROOM_MM - 0.5, low];
  return { kind: 'line', points, strokeMm: PULSE_STROKE_MM, colour: INK };
}

function text(x: number, y: number, content: string): Text {
  return { kind: 'text', x, y, sizeMm: TEXT_MM, colour: INK, anchor: 'start', text: content };
}

export const SCALE_TEXT = `${MM_PER_SECOND} mm/s  ${MM_PER_MILLIVOLT} mm/mV`;
