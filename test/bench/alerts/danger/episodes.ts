/**
 * Reference episodes of what kills, in seconds, by the definitions of docs/alerts.md: marks of rhythm, flutter marks, and
 * runs of ventricular beats where a database has beat codes. Stretches of one kind less than half a second apart are one.
 */

import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode, isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { isVentricularCode } from '../reference.ts';

export const DANGERS = ['fibrillation', 'tachycardia', 'asystole'] as const;
export type Danger = (typeof DANGERS)[number];

export interface Stretch {
  readonly fromS: number;
  readonly toS: number;
}

export interface ReferenceEpisodes extends Readonly<Record<Danger, readonly Stretch[]>> {
  readonly noise: readonly Stretch[];
  /** Runs of three or more ventricular beats, from their codes: an alarm of tachycardia there is no false one. */
  readonly runs: readonly Stretch[];
  /** Four seconds and more without an annotated beat, where beats are annotated: an alarm of asystole there is true. */
  readonly silences: readonly Stretch[];
  readonly beatsS: Float64Array;
  readonly durationS: number;
}

const KIND_OF_MARK: Readonly<Record<string, Danger | 'noise'>> = {
  '(VF': 'fibrillation',
  '(VFIB': 'fibrillation',
  '(VFL': 'fibrillation',
  '(VT': 'tachycardia',
  '(ASYS': 'asystole',
  '(NOISE': 'noise',
};
const JOINED_WITHIN_S = 0.5;
const RUN_BEATS = 3;
const SILENCE_S = 4;

export function referenceEpisodes(
  annotations: readonly Annotation[],
  rateHz: number,
  sampleCount: number,
): ReferenceEpisodes {
  const durationS = sampleCount / rateHz;
  const found: Record<Danger | 'noise', Stretch[]> = {
    fibrillation: [],
    tachycardia: [],
    asystole: [],
    noise: [],
  };
  let current: { kind: Danger | 'noise'; fromS: number } | null = null;
  let flutterFromS: number | null = null;
  const close = (atS: number) => {
    if (current !== null) found[current.kind].push({ fromS: current.fromS, toS: atS });
    current = null;
  };
  for (const { code, sample, aux } of annotations) {
    const atS = sample / rateHz;
    if (code === AnnotationCode.rhythm && aux !== null && aux.startsWith('(')) {
      close(atS);
      const kind = KIND_OF_MARK[aux.trim()];
      if (kind !== undefined) current = { kind, fromS: atS };
    } else if (code === AnnotationCode.flutterStart) flutterFromS = atS;
    else if (code === AnnotationCode.flutterEnd && flutterFromS !== null) {
      found.fibrillation.push({ fromS: flutterFromS, toS: atS });
      flutterFromS = null;
    }
  }
  close(durationS);
  if (flutterFromS !== null) found.fibrillation.push({ fromS: flutterFromS, toS: durationS });
  const beats = annotations.filter(({ code }) => isBeatCode(code));
  return {
    fibrillation: joined(found.fibrillation),
    tachycardia: joined(found.tachycardia),
    asystole: joined(found.asystole),
    noise: joined(found.noise),
    runs: runsOf(beats, rateHz),
    silences: silencesOf(beats, rateHz),
    beatsS: Float64Array.from(beats, ({ sample }) => sample / rateHz),
    durationS,
  };
}

function runsOf(beats: readonly Annotation[], rateHz: number): Stretch[] {
  const runs: Stretch[] = [];
  let first = 0;
  for (let i = 0; i <= beats.length; i++) {
    if (i < beats.length && isVentricularCode(mnemonicOf(beats[i]!.code))) continue;
    if (i - first >= RUN_BEATS) {
      runs.push({ fromS: beats[first]!.sample / rateHz, toS: beats[i - 1]!.sample / rateHz });
    }
    first = i + 1;
  }
  return runs;
}

function silencesOf(beats: readonly Annotation[], rateHz: number): Stretch[] {
  const silences: Stretch[] = [];
  for (let i = 1; i < beats.length; i++) {
    const fromS = beats[i - 1]!.sample / rateHz;
    const toS = beats[i]!.sample / rateHz;
    if (toS - fromS >= SILENCE_S) silences.push({ fromS, toS });
  }
  return silences;
}

/** In order, those of a gap below half a second made one. */
export function joined(stretches: readonly Stretch[], withinS = JOINED_WITHIN_S): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.fromS - b.fromS)) {
    const last = result.at(-1);
    if (last !== undefined && stretch.fromS - last.toS < withinS) {
      result[result.length - 1] = { fromS: last.fromS, toS: Math.max(last.toS, stretch.toS) };
    } else result.push(stretch);
  }
  return result;
}

/** Seconds of `stretch` that lie in any of `others`. */
export function sharedS(stretch: Stretch, others: readonly Stretch[]): number {
  let sum = 0;
  for (const { fromS, toS } of joined(others, 0)) {
    sum += Math.max(0, Math.min(toS, stretch.toS) - Math.max(fromS, stretch.fromS));
  }
  return sum;
}

export function lengthS(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0);
}
