/** Which beats train, validate and test. */
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { DS1_RECORDS, DS2_RECORDS } from '@rhythmd/records/mitdb.ts';
import type { Dataset } from './dataset.ts';
import { isNoisyCopy, originalOf } from './noisy-copy.ts';
import { databaseOf } from './record-source.ts';

/**
 * `paper`: beats at random; `patient-separated`: DS1 and DS2; `new-patients`: everything here but DS2 trains, DS2 tests;
 * `every-record`: what is shipped is trained on DS2 too, once the figures are taken, and nothing tests it.
 */
export const PROTOCOLS = ['paper', 'patient-separated', 'new-patients', 'every-record'] as const;
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
  if (protocol === 'paper') return paperSplit(dataset, seed);
  return protocol === 'patient-separated'
    ? patientSplit(dataset, fold)
    : newPatientsSplit(dataset, protocol, fold);
}

/**
 * The fold that a record is held out in: each group (DS1, the paced records, each other database) is dealt out by itself,
 * so that every fold has its share of each. A noisy copy is held out with its record. null: a record of DS2, which no fold has.
 */
export function foldOfRecord(record: string, records: readonly { readonly name: string }[]): number | null {
  const name = originalOf(record);
  if (DS2_RECORDS.includes(name)) return null;
  const groupOf = (other: string): string =>
    databaseOf(other) === 'mitdb' ? (DS1_RECORDS.includes(other) ? 'DS1' : 'paced') : databaseOf(other);
  const group = records
    .map((other) => other.name)
    .filter((other) => !DS2_RECORDS.includes(other) && !isNoisyCopy(other));
  return group.filter((other) => groupOf(other) === groupOf(name)).indexOf(name) % DS1_FOLDS;
}

function newPatientsSplit(
  { record, records, count }: Dataset,
  protocol: Protocol,
  fold: number | null,
): Split {
  const beats = Uint32Array.from({ length: count }, (_, beat) => beat);
  const folds = records.map(({ name }) => foldOfRecord(name, records));
  const asRecorded = records.map(({ name }) => !isNoisyCopy(name));
  const trains = folds.map((own) => (protocol === 'every-record' ? true : own !== null && own !== fold));
  return {
    protocol,
    train: beats.filter((beat) => trains[record[beat]!]),
    validation: beats.filter(
      (beat) => fold !== null && folds[record[beat]!] === fold && asRecorded[record[beat]!],
    ),
    test: beats.filter((beat) => folds[record[beat]!] === null),
  };
}

/**
 * The paper's: 75 % of the beats at random to train, a quarter of those to validate, 25 % to test. Beats of one
 * patient lie on both sides.
 */
function paperSplit(dataset: Dataset, seed: number): Split {
  const order = shuffled(judgedBeats(dataset), seed);
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
function patientSplit(dataset: Dataset, fold: number | null): Split {
  const { record, records, count } = dataset;
  const beats = Uint32Array.from({ length: count }, (_, beat) => beat);
  const judged = judgedBeats(dataset);
  const heldOut = fold === null ? [] : DS1_RECORDS.filter((_, index) => index % DS1_FOLDS === fold);
  const nameOf = (beat: number): string => originalOf(records[record[beat]!]!.name);
  return {
    protocol: 'patient-separated',
    train: beats.filter((beat) => DS1_RECORDS.includes(nameOf(beat)) && !heldOut.includes(nameOf(beat))),
    validation: judged.filter((beat) => heldOut.includes(nameOf(beat))),
    test: judged.filter((beat) => DS2_RECORDS.includes(nameOf(beat))),
  };
}

/** Only the first signal of a record as it was recorded is ever judged. */
function judgedBeats({ lead, record, records }: Dataset): Uint32Array {
  const copies = records.map(({ name }) => isNoisyCopy(name));
  return Uint32Array.from(lead.keys()).filter((beat) => lead[beat] === 0 && !copies[record[beat]!]);
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
