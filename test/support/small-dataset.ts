/** A data set without records: a few shapes of beat, one a class, with seeded noise. */
import { WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { type Dataset, IMAGE_STEP } from '@rhythmd/trainer/data/dataset.ts';

export function smallDataset(count: number, seed = 1): Dataset {
  const random = new SeededRandom(seed);
  const images = new Int16Array(count * WINDOW_SAMPLES);
  const label = new Uint8Array(count);
  for (let beat = 0; beat < count; beat++) {
    label[beat] = beat % 6;
    const width = 4 + 6 * label[beat]!;
    const height = label[beat]! % 2 === 0 ? 3 : -2;
    for (let i = 0; i < WINDOW_SAMPLES; i++) {
      const wave = height * Math.exp(-(((i - 648) / width) ** 2));
      images[beat * WINDOW_SAMPLES + i] = Math.round((wave + 0.2 * random.gaussian()) / IMAGE_STEP);
    }
  }
  return {
    recipe: { normalisation: 'record', channels: 'replicated', leads: 'upper' },
    planes: 1,
    storedSize: WINDOW_SAMPLES,
    count,
    records: [{ name: 'small', beats: count, signalSha256: '', annotationSha256: '' }],
    record: new Uint8Array(count),
    lead: new Uint8Array(count),
    sample: Int32Array.from({ length: count }, (_, beat) => beat * 300),
    code: new Uint8Array(count).fill(1),
    label,
    images,
  };
}

export function allBeats(dataset: Dataset): Uint32Array {
  return Uint32Array.from({ length: dataset.count }, (_, beat) => beat);
}
