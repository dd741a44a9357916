/** A piece of a strip on paper of its own: as SVG, as PDF, or to the printer, in millimetres. */
import { drawStrip, SCALE_TEXT, type StripMark } from '@rhythmd/ecg/paper/strip.ts';
import { toSvg } from '@rhythmd/ecg/paper/svg.ts';
import { h } from '../dom.ts';
import type { TimedSignal } from '../measure/still-paper.ts';
import { CLASS_LOOKS } from '../style/class-looks.ts';
import { clockTime, dayOf } from '../time.ts';
import { classOf } from './strip-signal.ts';

/** At 25 mm/s a sheet of A4 on its side holds eleven seconds. */
const LONGEST_S = 11;

export interface StripExcerpt {
  readonly signal: TimedSignal;
  readonly from: number;
  readonly to: number;
  /** What is known of the source, for the title. */
  readonly source: string;
  /** Such as `0.5–40 Hz`. */
  readonly filter: string;
}

export function stripSvg({ signal, from, to, source, filter }: StripExcerpt): string {
  const first = Math.max(0, Math.floor(from));
  const count = Math.min(Math.ceil(to - first), Math.floor(LONGEST_S * signal.rateHz));
  const leads = signal.leads.map(({ name, shown }) => ({
    name,
    samples: Float32Array.from({ length: count }, (_, i) => shown.at(first + i)),
  }));
  const startMs = signal.timeOf(first);
  const time = startMs === null ? 'time unknown' : `${dayOf(startMs)} ${clockTime(startMs)}`;
  return toSvg(
    drawStrip({
      title: `${time}   ${source}`,
      footer: `${SCALE_TEXT}  ${filter}   rhythmd, not a medical device`,
      rateHz: signal.rateHz,
      first: 0,
      count,
      leads,
      marks: marksOf(signal, first, count),
    }),
  );
}

function marksOf({ beats }: TimedSignal, first: number, count: number): StripMark[] {
  const marks: StripMark[] = [];
  for (let i = beats.indexFrom(first); i < beats.items.length; i++) {
    const beat = beats.items[i]!;
    if (beat.sample >= first + count) break;
    const { letter, light } = CLASS_LOOKS[classOf(beat)];
    marks.push({ sample: beat.sample - first, text: letter, row: 'over', colour: light });
  }
  return marks;
}

export function saveFile(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = h('a', { href: url, download: name });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The printer's dialog also saves as PDF. The style sheet shows nothing but the sheet on paper. */
export function printSvg(svg: string): void {
  const sheet = h('div.print-sheet');
  sheet.innerHTML = svg;
  document.body.append(sheet);
  window.addEventListener('afterprint', () => sheet.remove(), { once: true });
  window.print();
}

export function fileName(signal: TimedSignal, from: number, extension: string): string {
  const ms = signal.timeOf(Math.max(0, Math.floor(from)));
  const stamp = ms === null ? 'strip' : new Date(ms).toISOString().slice(0, 19).replaceAll(':', '');
  return `ecg-${stamp}.${extension}`;
}
