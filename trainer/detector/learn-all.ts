/**
 * Learns the detector's weights: for either half of the patients (kept beside the benchmark, for the cross-fitted
 * figures) and for all (the table the detector ships with). Some minutes on one core.
 */
import type { ReferencedRecord } from './beats.ts';
import { halfOf, writeCrossFitted, writeShipped } from './cross-fit.ts';
import { learnWeights, readNoise, trainingStreams } from './learn.ts';

const SEED = 1;
const ROUNDS = 4;
const EPOCHS = 6;

export function learnAll(records: readonly ReferencedRecord[], progress: (line: string) => void): void {
  const half = (name: 'first' | 'second') => records.filter((record) => halfOf(record.name) === name);
  writeCrossFitted(learn(half('first'), progress), learn(half('second'), progress));
  writeShipped(learn(records, progress));
}

function learn(records: readonly ReferencedRecord[], progress: (line: string) => void): Float32Array {
  progress(`learning from ${records.length} records`);
  const streams = trainingStreams(records, readNoise(), SEED);
  return learnWeights(streams, { seed: SEED, rounds: ROUNDS, epochs: EPOCHS, progress });
}
