/**
 * Beats that look alike, class by class: what a technician names at once. Each beat goes to the first group whose mean it
 * resembles, in time order, so that the same beats always make the same groups.
 */
import { crc32 } from '../crc32.ts';
import { BEAT_LABELS } from '../types.ts';
import type { RecordedBeat } from './recorded.ts';
import { type BeatTemplate, evenly, TemplateSum } from './templates.ts';

export interface BeatGroup extends BeatTemplate {
  /** Of these very beats: as soon as one of them is named otherwise, it is another. */
  readonly id: string;
  /** A person has named or confirmed all of them. */
  readonly seen: boolean;
  /** The first of them, in the recording's samples. */
  readonly first: number;
}

export interface GroupedBeats {
  readonly group: BeatGroup;
  readonly samples: readonly number[];
}

/** Alike from this correlation on: 0.9 tells bundle branch blocks and two foci apart, and lets noise pass. */
const ALIKE = 0.9;
/** Groups of a class; what resembles none of them goes to the nearest. */
const MOST = 8;
/** Points of the QRS and what is around it that are compared: 0.1 s before R to 0.25 s after it, at 100 Hz. */
const BEFORE_S = 0.1;
const AFTER_S = 0.25;
const POINTS_HZ = 100;
const POINTS = Math.round((BEFORE_S + AFTER_S) * POINTS_HZ);
/** The group's look follows the first beats of it, then stays. */
const LOOK_BEATS = 100;
/** A mean of more beats looks no different. */
const MAX_USED = 400;

interface Group {
  readonly look: Float64Array;
  beats: RecordedBeat[];
}

export function beatGroups(
  lead: Float32Array,
  rateHz: number,
  beats: readonly RecordedBeat[],
): GroupedBeats[] {
  return BEAT_LABELS.flatMap((label) =>
    [false, true].flatMap((seen) => {
      const ofClass = beats.filter((beat) => beat.label === label && (beat.seen ?? false) === seen);
      return groupsOf(lead, rateHz, ofClass).flatMap(({ beats: own }): GroupedBeats[] => {
        const sum = new TemplateSum(rateHz);
        for (const { sample } of evenly(own, MAX_USED)) sum.add(lead, sample);
        const template = sum.build(label, own.length);
        if (template === null) return [];
        const samples = own.map(({ sample }) => sample);
        const id = `${label}${crc32(new Uint8Array(Int32Array.from(samples).buffer)).toString(16)}`;
        return [{ group: { ...template, id, seen, first: samples[0]! }, samples }];
      });
    }),
  );
}

function groupsOf(lead: Float32Array, rateHz: number, beats: readonly RecordedBeat[]): Group[] {
  const groups: Group[] = [];
  const shape = new Float64Array(POINTS);
  for (const beat of beats) {
    const isWhole = takeShape(lead, rateHz, beat.sample, shape);
    let best: Group | null = null;
    let likeness = -1;
    for (const group of groups) {
      const own = isWhole ? correlation(shape, group.look) : 0;
      if (own > likeness) [best, likeness] = [group, own];
    }
    if (best === null || (isWhole && likeness < ALIKE && groups.length < MOST)) {
      groups.push({ look: Float64Array.from(shape), beats: [beat] });
      continue;
    }
    best.beats.push(beat);
    if (isWhole && likeness >= ALIKE && best.beats.length <= LOOK_BEATS) {
      for (let i = 0; i < POINTS; i++) best.look[i]! += shape[i]!;
    }
  }
  return groups.sort((a, b) => b.beats.length - a.beats.length);
}

/** Of mean zero and length one. @returns false where it lies at the edge, or some of it was lost */
function takeShape(lead: Float32Array, rateHz: number, r: number, shape: Float64Array): boolean {
  let mean = 0;
  for (let i = 0; i < POINTS; i++) {
    const value = lead[r + Math.round((i / POINTS_HZ - BEFORE_S) * rateHz)] ?? Number.NaN;
    shape[i] = value;
    mean += value / POINTS;
  }
  if (Number.isNaN(mean)) {
    shape.fill(0);
    return false;
  }
  let squares = 0;
  for (let i = 0; i < POINTS; i++) {
    shape[i]! -= mean;
    squares += shape[i]! * shape[i]!;
  }
  const length = Math.sqrt(squares) || 1;
  for (let i = 0; i < POINTS; i++) shape[i]! /= length;
  return true;
}

function correlation(shape: Float64Array, look: Float64Array): number {
  let product = 0;
  let squares = 0;
  for (let i = 0; i < POINTS; i++) {
    product += shape[i]! * look[i]!;
    squares += look[i]! * look[i]!;
  }
  return squares === 0 ? 0 : product / Math.sqrt(squares);
}
