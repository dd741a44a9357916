/** Beats cut out of the records, to make rhythms of: slow hearts, fast ones, ventricular runs of many shapes. */
import { RHYTHM_RATE_HZ } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { RhythmRecord } from './rhythm-record.ts';

/** Of a beat before its R wave, and all of it: from the P wave to the end of the T wave. */
export const BEAT_BEFORE = Math.round(0.3 * RHYTHM_RATE_HZ);
export const BEAT_SAMPLES = Math.round(0.8 * RHYTHM_RATE_HZ);
/** Kept of one lead of one record. */
const MOST_BEATS = 24;
/** Neighbours nearer than this would be in the picture. */
const LEAST_BEFORE = 0.45 * RHYTHM_RATE_HZ;
const LEAST_AFTER = 0.55 * RHYTHM_RATE_HZ;
const LEAST_MV = 0.08;
/** Fades in and out over so many samples, so that a beat leaves no step. */
const FADE = 6;

const VENTRICULAR: ReadonlySet<number> = new Set([
  AnnotationCode.ventricularPremature,
  AnnotationCode.ventricularEscape,
]);
const CONDUCTED: ReadonlySet<number> = new Set([
  AnnotationCode.normal,
  AnnotationCode.leftBundleBranchBlock,
  AnnotationCode.rightBundleBranchBlock,
  AnnotationCode.paced,
  AnnotationCode.atrialPremature,
  AnnotationCode.aberratedAtrialPremature,
  AnnotationCode.supraventricularPremature,
  AnnotationCode.nodalEscape,
]);
const WIDE: ReadonlySet<number> = new Set([
  AnnotationCode.leftBundleBranchBlock,
  AnnotationCode.rightBundleBranchBlock,
  AnnotationCode.paced,
]);

/** Beats of one lead of one record: `BEAT_SAMPLES` millivolts each, the R wave at `BEAT_BEFORE`. */
export type BeatGroup = readonly Float32Array[];

export class BeatBank {
  readonly #conducted: BeatGroup[] = [];
  readonly #narrow: BeatGroup[] = [];
  readonly #ventricular: BeatGroup[] = [];

  /** @param records mitdb's and svdb's are used: only these name their beats */
  constructor(records: readonly RhythmRecord[], random: SeededRandom) {
    for (const { database, leads, beats } of records) {
      if (database !== 'mitdb' && database !== 'svdb') continue;
      const isWide = beats.some(({ code }) => WIDE.has(code));
      for (const lead of leads) {
        const cut = (codes: ReadonlySet<number>): Float32Array[] => cutOut(lead, beats, codes, random);
        const conducted = cut(CONDUCTED);
        const ventricular = cut(VENTRICULAR);
        if (conducted.length > 0) this.#conducted.push(conducted);
        if (conducted.length > 0 && !isWide) this.#narrow.push(conducted);
        if (ventricular.length > 0) this.#ventricular.push(ventricular);
      }
    }
  }

  draw(kind: 'conducted' | 'narrow' | 'ventricular', random: SeededRandom): BeatGroup {
    const groups =
      kind === 'narrow' ? this.#narrow : kind === 'conducted' ? this.#conducted : this.#ventricular;
    return groups[Math.floor(random.uniform() * groups.length)]!;
  }
}

function cutOut(
  lead: Float32Array,
  beats: RhythmRecord['beats'],
  codes: ReadonlySet<number>,
  random: SeededRandom,
): Float32Array[] {
  const alone = beats.filter(({ at, code }, i) => {
    const before = at - (beats[i - 1]?.at ?? Number.NEGATIVE_INFINITY);
    const after = (beats[i + 1]?.at ?? Number.POSITIVE_INFINITY) - at;
    const isInside = at > BEAT_SAMPLES && at < lead.length - BEAT_SAMPLES;
    return codes.has(code) && isInside && before >= LEAST_BEFORE && after >= LEAST_AFTER;
  });
  const kept: Float32Array[] = [];
  for (let tries = 0; tries < 4 * MOST_BEATS && kept.length < MOST_BEATS && alone.length > 0; tries++) {
    const { at } = alone[Math.floor(random.uniform() * alone.length)]!;
    const beat = level(lead.slice(Math.round(at) - BEAT_BEFORE, Math.round(at) - BEAT_BEFORE + BEAT_SAMPLES));
    if (beat.some((value) => Math.abs(value) >= LEAST_MV)) kept.push(beat);
  }
  return kept;
}

/** The line between its ends removed, and its ends faded. */
function level(beat: Float32Array): Float32Array {
  const mean = (from: number): number => (beat[from]! + beat[from + 1]! + beat[from + 2]!) / 3;
  const first = mean(0);
  const last = mean(beat.length - 3);
  return beat.map((value, i) => {
    const line = first + ((last - first) * i) / (beat.length - 1);
    return (value - line) * Math.min(1, i / FADE, (beat.length - 1 - i) / FADE);
  });
}

/**
 * Adds beats of a group to a window, their R waves at `times`.
 * @param part of the beat that is seen, `[from, to)` of its samples
 */
export function placeBeats(
  window: Float32Array,
  group: BeatGroup,
  times: readonly number[],
  gain: number,
  random: SeededRandom,
  part: readonly [number, number] = [0, BEAT_SAMPLES],
): void {
  for (const time of times) {
    const beat = group[Math.floor(random.uniform() * group.length)]!;
    const start = Math.round(time) - BEAT_BEFORE;
    const from = Math.max(part[0], -start);
    const to = Math.min(part[1], window.length - start);
    for (let i = from; i < to; i++) window[start + i]! += gain * beat[i]!;
  }
}
