/** Labelled candidates: what the detector saw at each hump of a stream, and whether a beat was there. */

import { isInside } from '@rhythmd/ecg/ec57/timeline.ts';
import { QrsDetector } from '@rhythmd/ecg/signal/qrs/detector.ts';
import { type ReferencedRecord, stream } from './beats.ts';

/** What may be learned from: a lead with the record they belong to, and how much an example of them counts. */
export interface Stream {
  readonly record: ReferencedRecord;
  readonly leads: readonly Float32Array[];
  readonly weight: number;
}

/** A growing table of examples, `width` numbers each. */
export class ExampleTable {
  readonly width: number;
  inputs: Float32Array;
  labels: Float32Array;
  weights: Float32Array;
  count = 0;

  constructor(width: number, capacity = 1 << 16) {
    this.width = width;
    this.inputs = new Float32Array(capacity * width);
    this.labels = new Float32Array(capacity);
    this.weights = new Float32Array(capacity);
  }

  add(input: Float32Array, label: number, weight: number): void {
    if (this.count === this.labels.length) this.#grow();
    this.inputs.set(input, this.count * this.width);
    this.labels[this.count] = label;
    this.weights[this.count] = weight;
    this.count++;
  }

  addTable(other: ExampleTable): void {
    for (let i = 0; i < other.count; i++) {
      const input = other.inputs.subarray(i * this.width, (i + 1) * this.width);
      this.add(input, other.labels[i]!, other.weights[i]!);
    }
  }

  #grow(): void {
    const grown = (old: Float32Array): Float32Array => {
      const next = new Float32Array(old.length * 2);
      next.set(old);
      return next;
    };
    this.inputs = grown(this.inputs);
    this.labels = grown(this.labels);
    this.weights = grown(this.weights);
  }
}

/** A beat's hump is the highest this near to it (133 ms), less 4 % for each step beyond 33 ms. */
const LABEL_REACH_S = 0.133;
const LABEL_NEAR_S = 0.033;
const LABEL_FALL_PER_S = 4.8;
/** Of candidates that are right by this much, only a share is kept, each counting for more. */
const EASY_SCORE = 4;
const EASY_SHARE = 0.06;
const EASY_WEIGHT = 6;

/** Runs the detector with `weights` over a stream and adds what it saw. */
export function addExamples(
  table: ExampleTable,
  source: Stream,
  weights: Float32Array | null,
  random: () => number,
): void {
  const { record, leads } = source;
  const samples: number[] = [];
  const heights: number[] = [];
  const scores: (number | null)[] = [];
  const inputs: (Float32Array | null)[] = [];
  const detector = new QrsDetector({
    rateHz: record.rateHz,
    leads: 1,
    weights,
    onCandidate: ({ sample, height, scored }) => {
      samples.push(sample);
      heights.push(height);
      scores.push(scored?.score ?? null);
      inputs.push(scored === null ? null : scored.features[0]!.slice());
    },
  });
  stream(leads, record.rateHz, (part) => detector.push(part, () => {}));
  detector.flush(() => {});
  const isBeat = labelHumps(record, samples, heights);
  for (let i = 0; i < samples.length; i++) {
    const input = inputs[i];
    if (!input || isInside(record.flutter, samples[i]!)) continue;
    const score = scores[i]!;
    const margin = isBeat[i] ? score : -score;
    const isEasy = weights !== null ? margin > EASY_SCORE : true;
    if (isEasy && random() >= EASY_SHARE) continue;
    table.add(input, isBeat[i]!, source.weight * (isEasy && weights !== null ? EASY_WEIGHT : 1));
  }
}

function labelHumps(
  record: ReferencedRecord,
  samples: readonly number[],
  heights: readonly number[],
): Uint8Array {
  const isBeat = new Uint8Array(samples.length);
  const reach = LABEL_REACH_S * record.rateHz;
  let from = 0;
  for (const beat of record.beats) {
    while (from < samples.length && samples[from]! < beat - reach) from++;
    let best = -1;
    let bestHeight = -1;
    for (let i = from; i < samples.length && samples[i]! <= beat + reach; i++) {
      if (isBeat[i]) continue;
      const beyond = Math.max(0, Math.abs(samples[i]! - beat) / record.rateHz - LABEL_NEAR_S);
      const height = heights[i]! * (1 - LABEL_FALL_PER_S * beyond);
      if (height > bestHeight) {
        best = i;
        bestHeight = height;
      }
    }
    if (best >= 0) isBeat[best] = 1;
  }
  return isBeat;
}
