/**
 * Learns the scorer's weights. The detector's own decisions change what it sees next (levels, templates, intervals),
 * so it is run, its candidates labelled, its network fitted, and run again (DAgger: Ross, Gordon, Bagnell 2011).
 */
import { NSTDB_SCHEDULE } from '@rhythmd/ecg/noise/noise-track.ts';
import { LEAD_NETWORK } from '@rhythmd/ecg/signal/qrs/scorer.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { augmentLead, type Noise, unitNoise } from './augment.ts';
import type { ReferencedRecord } from './beats.ts';
import { addExamples, ExampleTable, type Stream } from './examples.ts';
import { makeRandom } from './random.ts';
import { beginFit, continueFit, type Fit, rawWeights } from './train-network.ts';

export interface LearnOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly epochs: number;
  readonly progress: (line: string) => void;
}

/** How much an example counts: first signals most, then second ones, then noisy copies of both. */
const SECOND_SIGNAL_WEIGHT = 0.5;
const NOISY_WEIGHT = 0.7;

export function readNoise(): Noise {
  const unit = (name: string): Float32Array[] => {
    const { leads, rateHz } = readRecord(name);
    return leads.map((lead) => unitNoise(lead, rateHz));
  };
  const motion = readRecord('em');
  const unplayed = motion.leads.map((lead) => unitNoise(unplayedPart(lead, motion.rateHz), motion.rateHz));
  return { muscle: unit('ma'), wander: unit('bw'), motion: unplayed };
}

/** The blocks of a noise record during which the stress test plays the clean signal, one after the other. */
function unplayedPart(noise: Float32Array, rateHz: number): Float32Array {
  const { firstOnS, onS, offS } = NSTDB_SCHEDULE;
  const period = (onS + offS) * rateHz;
  return noise.filter((_, i) => i < firstOnS * rateHz || (i - firstOnS * rateHz) % period >= onS * rateHz);
}

/** Each record's first two signals and a noisy copy of each. */
export function trainingStreams(records: readonly ReferencedRecord[], noise: Noise, seed: number): Stream[] {
  const streams: Stream[] = [];
  for (const [index, record] of records.entries()) {
    for (const lead of [0, 1]) {
      const weight = lead === 0 ? 1 : SECOND_SIGNAL_WEIGHT;
      const noisy = augmentLead(record, lead, noise, seed * 1000 + index * 2 + lead);
      streams.push({ record, leads: [record.leads[lead]!], weight });
      streams.push({ record, leads: [noisy], weight: weight * NOISY_WEIGHT });
    }
  }
  return streams;
}

export function learnWeights(streams: readonly Stream[], options: LearnOptions): Float32Array {
  const { rounds, epochs, seed, progress } = options;
  const random = makeRandom(seed);
  let weights: Float32Array | null = null;
  let fit: Fit | null = null;
  let before: ExampleTable | null = null;
  for (let round = 0; round < rounds; round++) {
    const table = new ExampleTable(LEAD_NETWORK.inputs);
    for (const source of streams) {
      addExamples(table, source, weights, random);
    }
    const fresh = table.count;
    if (before !== null) table.addTable(before);
    before = weights === null ? null : keepFirst(table, fresh);
    const isLast = round === rounds - 1;
    fit ??= beginFit(LEAD_NETWORK, table, seed);
    const learningRate = round === 0 ? 0.003 : 0.002;
    continueFit(LEAD_NETWORK, fit, table, {
      epochs: isLast ? 2 * epochs : epochs,
      learningRate,
      seed: seed + round,
    });
    weights = rawWeights(LEAD_NETWORK, fit);
    progress(`round ${round + 1} of ${rounds}: ${table.count} examples`);
  }
  return weights!;
}

function keepFirst(table: ExampleTable, count: number): ExampleTable {
  const kept = new ExampleTable(table.width, count);
  kept.inputs.set(table.inputs.subarray(0, count * table.width));
  kept.labels.set(table.labels.subarray(0, count));
  kept.weights.set(table.weights.subarray(0, count));
  kept.count = count;
  return kept;
}
