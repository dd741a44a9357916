/**
 * Which beats a training sees how often, where the databases, patients and classes are too unequal to take them as they
 * come: a declared part of a preset. Every share says what part of the examples it is, whatever there is of it.
 */

import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { type Dataset, IMAGE_STEP, labelsOf } from './dataset.ts';
import { STORED_RHYTHM } from './leads-context.ts';
import type { MadeUpShares } from './made-up-rhythms.ts';
import { isNoisyCopy } from './noisy-copy.ts';
import { databaseOf } from './record-source.ts';

export interface BalancedSampling {
  /** Of all examples; each class is half and half of the databases that have it, but those rare as told. */
  readonly shares: Readonly<Partial<Record<BeatLabel, number>>>;
  /** Of the normal beats: those of an irregular rhythm, and those with a bundle branch block. */
  readonly irregular: number;
  readonly block: number;
  /** A record weighs as its beats of the class to this power: 1 as many as it has, 0 all records alike. */
  readonly recordPower: number;
  /** How often a beat of a noisy copy is seen for one of a record; absent: as often. */
  readonly noisyCopies?: number;
  /** Of all examples, those whose rhythm is made up; absent: none. */
  readonly madeUp?: MadeUpShares;
  /** Examples of one epoch. */
  readonly epochExamples: number;
}

/** Columns of the rhythm row (ecg/beat/beat-context.ts): RR to the usual one, to the one before, scatter of 30. */
const TO_USUAL = STORED_RHYTHM;
const TO_BEFORE = STORED_RHYTHM + 2;
const SCATTER = STORED_RHYTHM + 7;
/** A mean step of 10 % from one interval to the next: atrial fibrillation, or many premature beats. */
const IRREGULAR_FROM = 0.3;
/** A supraventricular beat less than 5 % early teaches that normal beats are premature. */
const EARLY_BELOW = -0.15;
const BLOCK_CODES: readonly number[] = [
  AnnotationCode.leftBundleBranchBlock,
  AnnotationCode.rightBundleBranchBlock,
];
/** Fusion beats of one database would be its handful of records, seen again and again. */
const AS_THEY_COME: readonly BeatLabel[] = ['F', 'Q'];

/** Draws training beats in proportion to their weights, by the alias method (Walker 1977): two numbers a beat. */
export class BalancedSampler {
  readonly #beats: Uint32Array;
  readonly #threshold: Float64Array;
  readonly #alias: Uint32Array;

  constructor(dataset: Dataset, train: Uint32Array, sampling: BalancedSampling) {
    const weights = weightsOf(dataset, train, sampling);
    const kept = [...train.keys()].filter((i) => weights[i]! > 0);
    this.#beats = Uint32Array.from(kept, (i) => train[i]!);
    const count = kept.length;
    const total = kept.reduce((sum, i) => sum + weights[i]!, 0);
    const scaled = Float64Array.from(kept, (i) => (weights[i]! / total) * count);
    this.#threshold = new Float64Array(count).fill(1);
    this.#alias = Uint32Array.from({ length: count }, (_, i) => i);
    const small: number[] = [];
    const large: number[] = [];
    for (let i = 0; i < count; i++) (scaled[i]! < 1 ? small : large).push(i);
    while (small.length > 0 && large.length > 0) {
      const low = small.pop()!;
      const high = large.at(-1)!;
      this.#threshold[low] = scaled[low]!;
      this.#alias[low] = high;
      scaled[high]! -= 1 - scaled[low]!;
      if (scaled[high]! < 1) small.push(large.pop()!);
    }
  }

  draw(count: number, seed: number): Uint32Array {
    const random = new SeededRandom(seed);
    return Uint32Array.from({ length: count }, () => {
      const i = Math.floor(random.uniform() * this.#beats.length);
      return this.#beats[random.uniform() < this.#threshold[i]! ? i : this.#alias[i]!]!;
    });
  }
}

/** Whether a beat of an image with context comes early, against the usual interval or the one before. */
export function isEarlyIn({ images, storedSize }: Dataset): (beat: number) => boolean {
  return (beat) =>
    Math.min(images[beat * storedSize + TO_USUAL]!, images[beat * storedSize + TO_BEFORE]!) * IMAGE_STEP <
    EARLY_BELOW;
}

/** Of each beat of `train`, in its order. */
function weightsOf(dataset: Dataset, train: Uint32Array, sampling: BalancedSampling): Float64Array {
  const { images, storedSize, label, code, record, records } = dataset;
  const classes = labelsOf(dataset.recipe);
  const databases = records.map(({ name }) => databaseOf(name));
  const copies = records.map(({ name }) => isNoisyCopy(name));
  const stored = (beat: number, index: number): number => images[beat * storedSize + index]! * IMAGE_STEP;
  const isEarly = isEarlyIn(dataset);
  const strata = new Map<string, number[]>();
  for (const [i, beat] of train.entries()) {
    const name = classes[label[beat]!]!;
    if (name === 'S' && !isEarly(beat)) continue;
    const kind =
      name !== 'N'
        ? ''
        : BLOCK_CODES.includes(code[beat]!)
          ? 'block'
          : stored(beat, SCATTER) > IRREGULAR_FROM
            ? 'irregular'
            : 'regular';
    const database = AS_THEY_COME.includes(name) ? '' : databases[record[beat]!]!;
    const key = [name, database, kind].join();
    const stratum = strata.get(key);
    if (stratum === undefined) strata.set(key, [i]);
    else stratum.push(i);
  }
  const weights = new Float64Array(train.length);
  const names = [...strata.keys()].map((key) => key.split(','));
  for (const [key, members] of strata) {
    const [name, database, kind] = key.split(',') as [BeatLabel, string, string];
    const databasesOfClass = new Set(names.filter(([other]) => other === name).map(([, other]) => other))
      .size;
    const kinds = names.filter(([other, where]) => other === name && where === database).map(([, , k]) => k!);
    const kindShare =
      name === 'N'
        ? shareOfKind(kind, sampling) / kinds.reduce((sum, k) => sum + shareOfKind(k, sampling), 0)
        : 1;
    const share = ((sampling.shares[name] ?? 0) * kindShare) / databasesOfClass;
    const inRecord = new Map<number, number>();
    for (const i of members) inRecord.set(record[train[i]!]!, (inRecord.get(record[train[i]!]!) ?? 0) + 1);
    let total = 0;
    for (const i of members) total += inRecord.get(record[train[i]!]!)! ** (sampling.recordPower - 1);
    for (const i of members) {
      const copied = copies[record[train[i]!]!] ? (sampling.noisyCopies ?? 1) : 1;
      weights[i] = (copied * share * inRecord.get(record[train[i]!]!)! ** (sampling.recordPower - 1)) / total;
    }
  }
  return weights;
}

function shareOfKind(kind: string, { irregular, block }: BalancedSampling): number {
  return kind === 'block' ? block : kind === 'irregular' ? irregular : 1 - irregular - block;
}
