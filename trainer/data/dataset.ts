/** The beats of all records with their images, in memory. */
import type { ChannelLayout } from '@rhythmd/ecg/beat/beat-builder.ts';
import { IMAGE_SIDE, WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import { type BeatLabel, EC57_LABELS, PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import { dropSecondLead, LEADS_CONTEXT_SIZE, readLeads, storeLeads } from './leads-context.ts';
import type { DatabaseName } from './record-source.ts';

/** What tells one data set from another. */
export interface DatasetRecipe {
  readonly normalisation: 'record' | 'running';
  readonly channels: ChannelLayout;
  /**
   * `upper`: the first signal, the one that is classified. `both`: of DS1's records the second signal too, as more
   * examples to train on: the same beats seen from elsewhere. They are in no validation or test set.
   */
  readonly leads: 'upper' | 'both';
  /** `paper`, its six classes, or those of EC57 (escape beats as normal); absent: the paper's. */
  readonly labels?: 'paper' | 'ec57';
  /** Absent: the MIT-BIH Arrhythmia Database. */
  readonly databases?: readonly DatabaseName[];
  /** Each record but DS2's once more with recorded noise (noisy-copy.ts); absent: none. */
  readonly noisyCopies?: true;
  /** 1: images are read as if there were no second lead (to measure it); absent: as they are. */
  readonly leadsShown?: 1;
}

/** The classes in the order of `Dataset.label`. */
export function labelsOf({ labels }: Pick<DatasetRecipe, 'labels'>): readonly BeatLabel[] {
  return labels === 'ec57' ? EC57_LABELS : PAPER_LABELS;
}

export interface RecordChecksum {
  readonly name: string;
  readonly beats: number;
  /** sha256 of the signal file and of the annotations. */
  readonly signalSha256: string;
  readonly annotationSha256: string;
}

export interface Dataset {
  readonly recipe: DatasetRecipe;
  /** Distinct planes of an image: a replicated one is stored once. */
  readonly planes: number;
  /** Stored values of an image. */
  readonly storedSize: number;
  readonly count: number;
  readonly records: readonly RecordChecksum[];
  /** Per beat: index into `records`, sample of the annotation, its code, its class, the signal it is seen in. */
  readonly record: Uint8Array;
  readonly lead: Uint8Array;
  readonly sample: Int32Array;
  readonly code: Uint8Array;
  readonly label: Uint8Array;
  /** [count, storedSize] in steps of `IMAGE_STEP`. */
  readonly images: Int16Array;
}

/**
 * Images are stored as 16-bit multiples of this many deviations: a sixteenth of the converter's own step for a
 * typical record (5 microvolts of 0.3 millivolts), in half the room of floats.
 */
export const IMAGE_STEP = 1 / 1024;
const LARGEST_STEP = 32767;

export function planesOf({ channels }: DatasetRecipe): number {
  return channels === 'replicated' ? 1 : 3;
}

/** Rows of equal values (the rhythm plane) are stored as one value a row. */
export function storedSizeOf({ channels }: DatasetRecipe): number {
  if (channels === 'leads-context') return LEADS_CONTEXT_SIZE;
  return channels === 'replicated' ? WINDOW_SAMPLES : 2 * WINDOW_SAMPLES + IMAGE_SIDE;
}

export function recipeName({
  normalisation,
  channels,
  leads,
  labels,
  databases,
  noisyCopies,
}: DatasetRecipe): string {
  const words = [
    normalisation,
    channels,
    leads,
    ...(labels === 'ec57' ? [labels] : []),
    ...(databases ?? []),
    ...(noisyCopies === true ? ['noisy'] : []),
  ];
  return words.join('-');
}

/** Stores the planes of one image. */
export function storeImage(image: Float32Array, images: Int16Array, beat: number, size: number): void {
  if (size === LEADS_CONTEXT_SIZE) {
    storeLeads(image, (index, value) => {
      images[beat * size + index] = stepsOf(value);
    });
    return;
  }
  const whole = Math.min(size, 2 * WINDOW_SAMPLES);
  for (let i = 0; i < size; i++) {
    const value = i < whole ? image[i]! : image[2 * WINDOW_SAMPLES + (i - whole) * IMAGE_SIDE]!;
    images[beat * size + i] = stepsOf(value);
  }
}

function stepsOf(value: number): number {
  return Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, Math.round(value / IMAGE_STEP)));
}

/** Writes the planes of one stored image as floats. */
export function readImage(dataset: Dataset, beat: number, target: Float32Array, offset: number): void {
  const { images, storedSize } = dataset;
  const start = beat * storedSize;
  if (storedSize === LEADS_CONTEXT_SIZE) {
    readLeads(images, start, IMAGE_STEP, target, offset);
    if (dataset.recipe.leadsShown === 1) dropSecondLead(target, offset);
    return;
  }
  const whole = Math.min(storedSize, 2 * WINDOW_SAMPLES);
  for (let i = 0; i < whole; i++) target[offset + i] = images[start + i]! * IMAGE_STEP;
  for (let row = 0; row < storedSize - whole; row++) {
    const from = offset + 2 * WINDOW_SAMPLES + row * IMAGE_SIDE;
    target.fill(images[start + whole + row]! * IMAGE_STEP, from, from + IMAGE_SIDE);
  }
}

/** For each beat the same beat in the other lead; -1 where there is none. */
export function partnersOf({ count, record, lead, records }: Dataset): Int32Array {
  const partners = new Int32Array(count).fill(-1);
  const lengthOf = (beat: number): number => records[record[beat]!]!.beats;
  for (let beat = 0; beat < count; beat++) {
    // A record's second lead follows its first.
    if (lead[beat] !== 1) continue;
    partners[beat] = beat - lengthOf(beat);
    partners[beat - lengthOf(beat)] = beat;
  }
  return partners;
}
