/**
 * A record once more, with recorded noise in it: what a network is to name in electrode motion it must have seen there. The
 * noise is that of the MIT-BIH Noise Stress Test Database, but only minutes that its schedule never plays: with the others
 * networks are measured (`npm run bench -- noise`).
 */
import { NSTDB_SCHEDULE } from '@rhythmd/ecg/noise/noise-track.ts';
import { gainAtSnr, measureGainAt0Db } from '@rhythmd/ecg/noise/signal-to-noise.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { NORMAL_CODES } from '@rhythmd/records/noisy-record.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import type { ReferenceBeat } from './record-source.ts';

/** Behind the name of a record: its noisy copy. */
const MARK = '~';
/** Another noise, another ratio, every so long. */
const STRETCH_SAMPLES = 20 * PIPELINE_RATE_HZ;
/** It comes and goes within a second, or each stretch would begin with a step that no electrode makes. */
const FADE_SAMPLES = PIPELINE_RATE_HZ;
/** Muscle, baseline wander, electrode motion, and how often each. */
const NOISES = [
  { name: 'ma', share: 0.35, leastSnrDb: -2 },
  { name: 'bw', share: 0.15, leastSnrDb: 0 },
  { name: 'em', share: 0.5, leastSnrDb: 0 },
] as const;
/** From what hides small waves to what the eye hardly sees. */
const SNR_RANGE_DB = 20;
/** Share of stretches in which the first lead has none, and as many in which the second has none. */
const ONE_LEAD_ALONE = 0.15;

export function noisyCopyOf(record: string): string {
  return `${record}${MARK}`;
}

export function isNoisyCopy(record: string): boolean {
  return record.endsWith(MARK);
}

/** The record on disk: that of a noisy copy is the record it is a copy of. */
export function originalOf(record: string): string {
  return isNoisyCopy(record) ? record.slice(0, -MARK.length) : record;
}

/**
 * In place; the same noise for the same name.
 * @param leads in millivolts at 360 Hz
 * @throws RhythmdError E_RECORD_NOT_FOUND where the noise records are not in the record folders
 */
export function addRecordedNoise(
  name: string,
  leads: readonly Float32Array[],
  beats: readonly ReferenceBeat[],
): void {
  const random = new SeededRandom(seedOf(name));
  const noises = NOISES.map(({ name: noise }) => readRecord(noise).leads);
  const normal = beats.filter(({ code }) => NORMAL_CODES.includes(code)).map(({ sample }) => sample);
  const gainsAt0Db = leads.map((lead, i) =>
    noises.map((noise) => measureGainAt0Db(lead, normal, noise[i % 2]!, PIPELINE_RATE_HZ)),
  );
  const starts = unplayedStarts(noises[0]![0]!.length);
  for (let from = 0; from < leads[0]!.length; from += STRETCH_SAMPLES) {
    const kind = kindOf(random.uniform());
    const snrDb = SNR_RANGE_DB * random.uniform() + NOISES[kind]!.leastSnrDb;
    const start = starts[Math.floor(random.uniform() * starts.length)]!;
    const exchanged = random.uniform() < 0.5 ? 1 : 0;
    const spared = random.uniform();
    for (const [i, lead] of leads.entries()) {
      if (spared < ONE_LEAD_ALONE && i === 0) continue;
      if (spared > 1 - ONE_LEAD_ALONE && i === 1) continue;
      const gainAt0Db = gainsAt0Db[i]![kind]!;
      // A paced record has no normal beats to be measured by: it stays as it is.
      if (gainAt0Db === null) continue;
      const gain = gainAtSnr(gainAt0Db, snrDb) * (random.uniform() < 0.5 ? -1 : 1);
      addStretch(lead, from, noises[kind]![(i + exchanged) % 2]!, start, gain);
    }
  }
}

/** Where a stretch of noise may begin, each second: all of it lies in minutes that are never played. */
function unplayedStarts(length: number): number[] {
  const { firstOnS, onS, offS } = NSTDB_SCHEDULE;
  const isPlayed = (second: number): boolean =>
    second >= firstOnS && (second - firstOnS) % (onS + offS) < onS;
  const starts: number[] = [];
  for (let second = 0; second * PIPELINE_RATE_HZ + STRETCH_SAMPLES <= length; second++) {
    const ofStretch = Array.from({ length: STRETCH_SAMPLES / PIPELINE_RATE_HZ }, (_, i) => second + i);
    if (!ofStretch.some(isPlayed)) starts.push(second * PIPELINE_RATE_HZ);
  }
  return starts;
}

function addStretch(
  lead: Float32Array,
  from: number,
  noise: Float32Array,
  start: number,
  gain: number,
): void {
  const end = Math.min(lead.length, from + STRETCH_SAMPLES);
  for (let i = from; i < end; i++) {
    const fade = Math.min(1, (i - from) / FADE_SAMPLES, (end - i) / FADE_SAMPLES);
    lead[i]! += fade * gain * (noise[start + i - from]! - noise[start]!);
  }
}

function kindOf(draw: number): number {
  let sum = 0;
  for (const [kind, { share }] of NOISES.entries()) {
    sum += share;
    if (draw < sum) return kind;
  }
  return NOISES.length - 1;
}

function seedOf(name: string): number {
  let seed = 7;
  for (const letter of name) seed = (seed * 31 + letter.charCodeAt(0)) % 1_000_003;
  return seed;
}
