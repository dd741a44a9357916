/** Random waveforms that everything made up is made of. All at the rate of the rhythm network, seeded. */
import { RHYTHM_RATE_HZ } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';

export function between(low: number, high: number, random: SeededRandom): number {
  return low + (high - low) * random.uniform();
}

/** Evenly on a logarithmic scale: amplitudes of which nobody knows the order of magnitude. */
export function betweenLog(low: number, high: number, random: SeededRandom): number {
  return low * (high / low) ** random.uniform();
}

export function happens(probability: number, random: SeededRandom): boolean {
  return random.uniform() < probability;
}

export function drawnFrom<T>(values: readonly T[], random: SeededRandom): T {
  return values[Math.floor(random.uniform() * values.length)]!;
}

export function deviationOf(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
}

/** Normal numbers to take stretches of: a window of noise needs hundreds, and making them is what takes the time. */
const TABLE_SIZE = 1 << 16;
const TABLE = normalNumbers(new SeededRandom(0x6e6f));

export function addWhite(target: Float32Array, deviation: number, random: SeededRandom): void {
  const from = Math.floor(random.uniform() * TABLE_SIZE);
  for (let i = 0; i < target.length; i++) target[i]! += deviation * TABLE[(from + i) & (TABLE_SIZE - 1)]!;
}

const BEFORE = 400;

/** Baseline that wanders: a random walk without what is slower than 0.3 to 2 s; of this deviation. */
export function addWander(target: Float32Array, deviation: number, random: SeededRandom): void {
  const { length } = target;
  const memory = RHYTHM_RATE_HZ * between(0.3, 2, random);
  const walk = new Float32Array(length);
  let position = 0;
  let slow = 0;
  const from = Math.floor(random.uniform() * TABLE_SIZE);
  // Begins long before, so that it has forgotten where it began.
  for (let i = -BEFORE; i < length; i++) {
    position += TABLE[(from + BEFORE + i) & (TABLE_SIZE - 1)]!;
    slow += (position - slow) / memory;
    if (i >= 0) walk[i] = slow;
  }
  addScaled(target, walk, deviation);
}

const WAVES = 16;

/** Waves of all frequencies in a band, each with its own phase; of this deviation. */
export function addBand(
  target: Float32Array,
  lowHz: number,
  highHz: number,
  deviation: number,
  random: SeededRandom,
): void {
  const sum = new Float32Array(target.length);
  for (let wave = 0; wave < WAVES; wave++) {
    const turn = (2 * Math.PI * between(lowHz, highHz, random)) / RHYTHM_RATE_HZ;
    const phase = 2 * Math.PI * random.uniform();
    const amplitude = random.gaussian();
    // sin(a + b) from the two before it: as exact as this needs, and many times as fast.
    const factor = 2 * Math.cos(turn);
    let before = amplitude * Math.sin(phase - turn);
    let now = amplitude * Math.sin(phase);
    for (let i = 0; i < sum.length; i++) {
      sum[i]! += now;
      const next = factor * now - before;
      before = now;
      now = next;
    }
  }
  addScaled(target, sum, deviation);
}

/** A step that decays, as an electrode's does after a knock. */
export function addStep(
  target: Float32Array,
  heightMv: number,
  decaySeconds: number,
  random: SeededRandom,
): void {
  const from = Math.floor(random.uniform() * target.length);
  for (let i = from; i < target.length; i++) {
    target[i]! += heightMv * Math.exp(-(i - from) / (RHYTHM_RATE_HZ * decaySeconds));
  }
}

/** `what` without its mean, at this deviation. */
export function addScaled(target: Float32Array, what: Float32Array, deviation: number): void {
  const mean = what.reduce((sum, value) => sum + value, 0) / what.length;
  const scale = deviation / (deviationOf(what) + 1e-9);
  for (let i = 0; i < target.length; i++) target[i]! += scale * (what[i]! - mean);
}

function normalNumbers(random: SeededRandom): Float32Array {
  return Float32Array.from({ length: TABLE_SIZE }, () => random.gaussian());
}
