/** A piece of a strip on paper of its own: as SVG, as PDF, or to the printer, in millimetres. */
import { drawStrip, type StripMark } from '@rhythmd/ecg/paper/strip.ts';
import { stripFacts, stripFooter, stripTitle } from '@rhythmd/ecg/paper/strip-words.ts';
import { toSvg } from '@rhythmd/ecg/paper/svg.ts';
import { rhythmName } from '@rhythmd/ecg/rhythm/rhythm-names.ts';
import { h } from '../dom.ts';
import type { TimedSignal } from '../measure/still-paper.ts';
import { CLASS_LOOKS } from '../style/class-looks.ts';
import { clockTimeWithZone, dayOf } from '../time.ts';
import { STATE_WORDS } from './state-words.ts';
import { classOf } from './strip-signal.ts';

/** At 25 mm/s a sheet of A4 on its side holds eleven seconds. */
const LONGEST_S = 11;
const NOTE_COLOUR = '#20408a';

export interface StripExcerpt {
  readonly signal: PrintedSignal;
  readonly from: number;
  readonly to: number;
  /** Bed, patient, device, source; what nobody knows is empty. */
  readonly who: readonly string[];
  /** Alerts that stood in some of it, for people. */
  readonly alerts: readonly string[];
  /** Such as `0.5–40 Hz`. */
  readonly filter: string;
}

export interface PrintedSignal extends TimedSignal {
  /** Rhythms that begin, by WFDB's names without the bracket, in order. */
  readonly rhythms: readonly { readonly sample: number; readonly name: string }[];
}

export function stripSvg({ signal, from, to, who, alerts, filter }: StripExcerpt): string {
  const { rateHz } = signal;
  const first = Math.max(0, Math.floor(from));
  const count = Math.min(Math.ceil(to - first), Math.floor(LONGEST_S * rateHz));
  const leads = signal.leads.map(({ name, shown }) => ({
    name,
    samples: Float32Array.from({ length: count }, (_, i) => shown.at(first + i)),
  }));
  const startMs = signal.timeOf(first);
  const time = startMs === null ? 'time unknown' : `${dayOf(startMs)} ${clockTimeWithZone(startMs)}`;
  const beats = beatsOf(signal, first, count);
  return toSvg(
    drawStrip({
      title: stripTitle(time, ...who),
      facts: stripFacts({ beats: beats.map(({ sample }) => sample), rateHz, alerts }),
      footer: stripFooter(filter),
      rateHz,
      first: 0,
      count,
      leads,
      marks: [...beats, ...notesOf(signal, first, count)],
      pulse: true,
    }),
  );
}

function beatsOf({ beats }: TimedSignal, first: number, count: number): StripMark[] {
  const marks: StripMark[] = [];
  for (let i = beats.indexFrom(first); i < beats.items.length; i++) {
    const beat = beats.items[i]!;
    if (beat.sample >= first + count) break;
    const { letter, light } = CLASS_LOOKS[classOf(beat)];
    marks.push({ sample: beat.sample - first, text: letter, row: 'over', colour: light });
  }
  return marks;
}

/** Below the leads: the rhythm, what cannot be read and what was lost, in words; what began before the strip stands at its edge. */
function notesOf(signal: PrintedSignal, first: number, count: number): StripMark[] {
  const end = first + count;
  const notes: { readonly sample: number; readonly text: string }[] = [];
  const standing = signal.rhythms.findLast(({ sample }) => sample <= first);
  const beginning = signal.rhythms.filter(({ sample }) => sample > first && sample < end);
  for (const { sample, name } of standing === undefined ? beginning : [standing, ...beginning]) {
    // Nothing but the ordinary is no finding, but the end of one.
    if (name !== 'N' || sample > first)
      notes.push({ sample, text: name === 'N' ? 'no such rhythm any more' : rhythmName(name) });
  }
  for (const [lead, { name }] of signal.leads.entries()) {
    for (const { from, to, quality } of signal.states(lead, first, end)) {
      if (quality !== 'good' && to > first)
        notes.push({ sample: from, text: `${name} ${STATE_WORDS[quality].toLowerCase()}` });
    }
  }
  for (const { sample, end: until, cause } of signal.holes.items) {
    if (sample < end && until > first) notes.push({ sample, text: cause });
  }
  return notes.map(({ sample, text }) => ({
    sample: Math.max(0, sample - first),
    text,
    row: 'under',
    colour: NOTE_COLOUR,
  }));
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
