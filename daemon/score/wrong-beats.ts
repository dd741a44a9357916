/** The beats an annotator got wrong, gathered into strips a person can look at. */
import { BEAT_CLASSES } from '@rhythmd/ecg/ec57/beat-classes.ts';
import { type BeatPair, cellOf } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

export interface WrongBeat {
  readonly sample: number;
  /** Row and column of the matrix, such as `Vn` or `No`. */
  readonly cell: string;
}

export interface WrongStrip {
  readonly first: number;
  readonly count: number;
  readonly wrong: readonly WrongBeat[];
}

const STRIP_SECONDS = 6;
/** A page must open in a browser: about 5 kB a strip. Beyond, strips are chosen so that every kind of error shows. */
export const MAX_STRIPS_PER_RECORD = 40;
/** A wrong beat is not shown closer than this to the edge of its strip. */
const MARGIN_S = 1;

/** Off the matrix's diagonal: another class, missed or extra. */
export function wrongBeats(pairs: readonly BeatPair[]): WrongBeat[] {
  const wrong: WrongBeat[] = [];
  for (const pair of pairs) {
    const { row, column } = cellOf(pair);
    const isUncounted = pair.test === null && BEAT_CLASSES[row] === 'O';
    if (row === column || isUncounted) continue;
    const sample = pair.reference?.sample ?? pair.test?.sample ?? 0;
    wrong.push({ sample, cell: `${BEAT_CLASSES[row]}${BEAT_CLASSES[column]?.toLowerCase()}` });
  }
  return wrong;
}

/** Strips that hold all wrong beats, neighbours together. */
export function stripsOf(wrong: readonly WrongBeat[], rateHz: number, sampleCount: number): WrongStrip[] {
  const count = Math.min(sampleCount, Math.round(STRIP_SECONDS * rateHz));
  const margin = Math.round(MARGIN_S * rateHz);
  const strips: (WrongStrip & { wrong: WrongBeat[] })[] = [];
  for (const beat of wrong) {
    const last = strips[strips.length - 1];
    if (last && beat.sample <= last.first + count - margin) last.wrong.push(beat);
    else {
      const first = Math.max(0, Math.min(beat.sample - 2 * margin, sampleCount - count));
      strips.push({ first, count, wrong: [beat] });
    }
  }
  return strips;
}

/** At most `limit` strips, in time order: the kinds of error take turns, rare ones first. */
export function chooseStrips(strips: readonly WrongStrip[], limit = MAX_STRIPS_PER_RECORD): WrongStrip[] {
  if (strips.length <= limit) return [...strips];
  const byCell = new Map<string, WrongStrip[]>();
  for (const strip of strips) {
    for (const cell of new Set(strip.wrong.map((beat) => beat.cell))) {
      byCell.set(cell, [...(byCell.get(cell) ?? []), strip]);
    }
  }
  const queues = [...byCell.values()].sort((a, b) => a.length - b.length);
  const chosen = new Set<WrongStrip>();
  for (let turn = 0; chosen.size < limit; turn++) {
    const before = chosen.size;
    for (const queue of queues) {
      // Spread over the record rather than its beginning only.
      const candidate = queue[Math.floor((turn * queue.length) / limit)];
      if (candidate && chosen.size < limit) chosen.add(candidate);
    }
    if (turn >= limit && chosen.size === before) break;
  }
  return strips.filter((strip) => chosen.has(strip));
}

export function nameOf(pair: BeatPair, side: 'reference' | 'test'): string {
  const annotation = pair[side];
  return annotation === null ? '' : mnemonicOf(annotation.code);
}
