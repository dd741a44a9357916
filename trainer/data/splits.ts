/** Which beats train, validate and test. */
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { DS1_RECORDS, DS2_RECORDS } from '@rhythmd/records/mitdb.ts';
import type { Dataset } from './dataset.ts';

export const PROTOCOLS = ['paper', 'patient-separated'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface Split {
  readonly protocol: Protocol;
  /** Beat numbers of the data set. */
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** Patient-wise folds inside DS1: 22 records, each held out once. */
export const DS1_FOLDS = 5;

export function splitOf(dataset: Dataset, protocol: Protocol, seed: number, fold: number | null): Split {
  return protocol === 'paper' ? paperSplit(dataset, seed) : patientSplit(dataset, fold);
}

/**
 * The paper's: 75 % of the beats at random to train, a quarter of those to validate, 25 % to test. Beats of one
 * patient lie on both sides.
 */
function paperSplit({ lead }: Dataset, seed: number): Split {
  const order = shuffled(upperBeats(lead), seed);
  const count = order.length;
  const tested = Math.round(count * 0.25);
  const validated = Math.round((count - tested) * 0.25);
  return {
    protocol: 'paper',
    test: order.slice(0, tested).sort(),
    validation: order.slice(tested, tested + validated).sort(),
    train: order.slice(tested + validated).sort(),
  };
}

/**
 * De Chazal's DS1 to train, DS2 to test; no patient on both sides, paced records in neither. A fold holds out a
 * fifth of DS1's records to validate; without one, everything of DS1 trains.
 */
function patientSplit({ record, records, lead, count }: Dataset, fold: number | null): Split {
  const beats = Uint32Array.from({ length: count }, (_, beat) => beat);
  const upper = upperBeats(lead);
  const heldOut = fold === null ? [] : DS1_RECORDS.filter((_, index) => index % DS1_FOLDS === fold);
  const nameOf = (beat: number): string => records[record[beat]!]!.name;
  return {
    protocol: 'patient-separated',
    train: beats.filter((beat) => DS1_RECORDS.includes(nameOf(beat)) && !heldOut.includes(nameOf(beat))),
    validation: upper.filter((beat) => heldOut.includes(nameOf(beat))),
    test: upper.filter((beat) => DS2_RECORDS.includes(nameOf(beat))),
  };
}

/** Only the first signal is ever judged. */
function upperBeats(lead: Uint8Array): Uint32Array {
  return Uint32Array.from(lead.keys()).filter((beat) => lead[beat] === 0);
}

/** @returns at most so many of the beats, one in every so many: beats lie record by record */
export function spread(beats: Uint32Array, most: number): Uint32Array {
  const stride = Math.ceil(beats.length / most);
  return stride <= 1 ? beats : beats.filter((_, i) => i % stride === 0);
}

/** Fisher and Yates, in place. */
export function shuffled(order: Uint32Array, seed: number): Uint32Array {
  const random = new SeededRandom(seed);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
