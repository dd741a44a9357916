/** Time of one verdict, by the clock, on this thread. */
import { type Classifier, IMAGE_VALUES } from '@rhythmd/daemon/classify/classifier.ts';

const WARM_UP = 200;
const RUNS = 3000;

/** @returns milliseconds of each run on one beat */
export async function inferenceTimes(classifier: Classifier): Promise<number[]> {
  const image = Float32Array.from({ length: IMAGE_VALUES }, (_, i) => Math.sin(i / 7));
  for (let i = 0; i < WARM_UP; i++) await classifier.classify(image, 1);
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    await classifier.classify(image, 1);
    times.push(performance.now() - start);
  }
  return times;
}
