/** The beats of all records with their images, in memory. */
import type { ChannelLayout } from '@rhythmd/ecg/beat/beat-builder.ts';
import { WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';

/** What tells one data set from another. */
export interface DatasetRecipe {
  readonly normalisation: 'record' | 'running';
  readonly channels: ChannelLayout;
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
  readonly count: number;
  readonly records: readonly RecordChecksum[];
  /** Per beat: index into `records`, sample of the annotation, its code, its class. */
  readonly record: Uint8Array;
  readonly sample: Int32Array;
  readonly code: Uint8Array;
  readonly label: Uint8Array;
  /** [count, planes, 1296] in steps of `IMAGE_STEP`. */
  readonly images: Int16Array;
}

/**
 * Images are stored as 16-bit multiples of this many deviations: a twentieth of the converter's own step for a
 * typical record (5 microvolts of 0.3 millivolts), in half the room of floats.
 */
export const IMAGE_STEP = 1 / 1024;

export function planesOf({ channels }: DatasetRecipe): number {
  return channels === 'replicated' ? 1 : 3;
}

export function recipeName({ normalisation, channels }: DatasetRecipe): string {
  return `${normalisation}-${channels}`;
}

/** Writes one stored image as floats. */
export function readImage(dataset: Dataset, beat: number, target: Float32Array, offset: number): void {
  const size = dataset.planes * WINDOW_SAMPLES;
  const start = beat * size;
  for (let i = 0; i < size; i++) target[offset + i] = dataset.images[start + i]! * IMAGE_STEP;
}
