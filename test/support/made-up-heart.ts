/** Leads of hearts that no database has: complexes drawn by bumps, over noise of a few microvolts. */
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';

const MADE_UP_RATE_HZ = 360;

export interface MadeUpBeat {
  readonly atS: number;
  readonly heightMv?: number;
  /** Of the QRS at half its height. */
  readonly widthS?: number;
  readonly isNotched?: boolean;
  /** A pacemaker's spike of 4 ms, 40 ms before the QRS (alone where it fails to capture). */
  readonly spikeMv?: number;
  readonly hasP?: boolean;
}

export interface MadeUpLead {
  readonly seconds: number;
  readonly beats: readonly MadeUpBeat[];
  readonly noiseMv?: number;
  /** P waves that nothing follows, in seconds. */
  readonly loneP?: readonly number[];
  /** Added to it: hum, wander, fibrillation, a toothbrush. */
  readonly waveform?: (seconds: number) => number;
}

export function madeUpLead({
  seconds,
  beats,
  noiseMv = 0.005,
  loneP = [],
  waveform = () => 0,
}: MadeUpLead): Float32Array {
  const random = new SeededRandom(7);
  const lead = Float32Array.from(
    { length: seconds * MADE_UP_RATE_HZ },
    (_, i) => waveform(i / MADE_UP_RATE_HZ) + noiseMv * (2 * random.uniform() - 1),
  );
  const add = (atS: number, heightMv: number, widthS: number): void => {
    const from = Math.max(0, Math.round((atS - 3 * widthS) * MADE_UP_RATE_HZ));
    const to = Math.min(lead.length, Math.round((atS + 3 * widthS) * MADE_UP_RATE_HZ));
    for (let i = from; i < to; i += 1) {
      lead[i]! += heightMv * Math.exp(-4 * Math.LN2 * ((i / MADE_UP_RATE_HZ - atS) / widthS) ** 2);
    }
  };
  for (const { atS, heightMv = 1, widthS = 0.03, isNotched = false, spikeMv = 0, hasP = false } of beats) {
    if (isNotched) {
      add(atS - widthS / 2, heightMv, widthS * 0.7);
      add(atS + widthS / 2, heightMv * 0.8, widthS * 0.7);
    } else {
      add(atS, heightMv, widthS);
      add(atS + widthS, -0.25 * heightMv, widthS);
    }
    add(atS + 0.26 + widthS, 0.25 * heightMv, 0.12);
    if (spikeMv !== 0) add(atS - 0.04, spikeMv, 0.004);
    if (hasP) add(atS - 0.16, 0.12 * heightMv, 0.07);
  }
  for (const atS of loneP) add(atS, 0.12, 0.07);
  return lead;
}

/** Beats at an even rate. */
export function evenBeats(
  bpm: number,
  fromS: number,
  toS: number,
  beat: Omit<MadeUpBeat, 'atS'> = {},
): MadeUpBeat[] {
  const beats: MadeUpBeat[] = [];
  for (let atS = fromS; atS < toS; atS += 60 / bpm) beats.push({ ...beat, atS });
  return beats;
}

/** Coarse fibrillation: a frequency and an amplitude that wander. */
export function fibrillationMv(seconds: number): number {
  const swell = 1 + 0.4 * Math.sin(1.3 * seconds);
  return (
    0.3 * swell * Math.sin(2 * Math.PI * 5 * seconds + 2 * Math.sin(2 * seconds) + Math.sin(4.7 * seconds))
  );
}
