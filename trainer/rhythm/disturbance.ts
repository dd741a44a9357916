/** Noise: what is noise and nothing else, and what disturbs a rhythm that can still be read. */
import { RHYTHM_RATE_HZ } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import {
  addBand,
  addScaled,
  addStep,
  addWander,
  addWhite,
  between,
  betweenLog,
  deviationOf,
  drawnFrom,
  happens,
} from './draws.ts';
import { quietLine } from './quiet-line.ts';
import type { RecordedNoise } from './rhythm-record.ts';

const RATE = RHYTHM_RATE_HZ;

/** A piece of nstdb's noise from a direction between its two signals. */
function recordedNoise(
  noise: RecordedNoise,
  kind: keyof RecordedNoise,
  length: number,
  random: SeededRandom,
): Float32Array {
  const [a, b] = noise[kind] as [Float32Array, Float32Array];
  const first = Math.floor(random.uniform() * (a.length - length));
  const angle = 2 * Math.PI * random.uniform();
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  return Float32Array.from({ length }, (_, i) => x * a[first + i]! + y * b[first + i]!);
}

/** Recorded noise, an electrode that is knocked, bursts of any frequency, a line that jumps. */
export function noiseAlone(length: number, noise: RecordedNoise, random: SeededRandom): Float32Array {
  const window = quietLine(length, random);
  const draw = random.uniform();
  if (draw < 0.6) {
    const kind = drawnFrom(['em', 'ma', 'em', 'em'] as const, random);
    const piece = recordedNoise(noise, kind, length, random);
    if (happens(0.25, random))
      addScaled(piece, recordedNoise(noise, 'bw', length, random), deviationOf(piece));
    addScaled(window, piece, betweenLog(0.08, 3, random));
  } else if (draw < 0.75) {
    addWander(window, betweenLog(0.3, 4, random), random);
    for (let left = between(1, 6, random); left > 0; left--) {
      addStep(window, random.gaussian() * between(0.3, 4, random), between(0.1, 3, random), random);
    }
  } else if (draw < 0.88) addBursts(window, random);
  else addJumps(window, random);
  return window;
}

function addBursts(window: Float32Array, random: SeededRandom): void {
  const { length } = window;
  const envelope = new Float32Array(length).fill(between(-0.3, 1.5, random));
  addBand(envelope, 0.05, 0.7, 1, random);
  const burst = new Float32Array(length);
  addBand(burst, between(0.3, 1, random), between(4, 25, random), 1, random);
  const height = betweenLog(0.1, 2, random);
  for (let i = 0; i < length; i++) window[i]! += height * burst[i]! * Math.max(0.02, envelope[i]!);
  addWhite(window, 0.5 * height * random.uniform(), random);
}

function addJumps(window: Float32Array, random: SeededRandom): void {
  for (let at = 0; at < window.length; ) {
    const end = at + Math.ceil(RATE * betweenLog(0.05, 1.5, random));
    const height = random.gaussian() * between(0.5, 5, random);
    for (; at < Math.min(end, window.length); at++) window[at]! += height;
  }
  addWhite(window, 0.1 * random.uniform(), random);
}

/** Noise so much larger than the rhythm that nobody could read it: 9 to 20 dB. */
export function drown(window: Float32Array, noise: RecordedNoise, random: SeededRandom): void {
  const piece = recordedNoise(noise, drawnFrom(['em', 'em', 'ma'] as const, random), window.length, random);
  addScaled(window, piece, deviationOf(window) * 10 ** (between(9, 20, random) / 20));
}

/**
 * What a lead of a walking patient adds to a rhythm that stays what it is.
 * @param isStandstill noise is then of microvolts, not a share of a signal that is not there
 */
export function disturb(
  window: Float32Array,
  noise: RecordedNoise,
  isStandstill: boolean,
  random: SeededRandom,
): void {
  const { length } = window;
  const size = isStandstill ? between(0.005, 0.04, random) : deviationOf(window) + 1e-4;
  if (happens(0.4, random)) {
    const kind = drawnFrom(
      isStandstill ? (['ma', 'bw', 'bw'] as const) : (['em', 'ma', 'bw'] as const),
      random,
    );
    const isWander = kind === 'bw';
    const decibels = isWander ? between(-8, 20, random) : between(2, 24, random);
    const reference = isWander && isStandstill ? between(0.02, 0.3, random) : size;
    addScaled(window, recordedNoise(noise, kind, length, random), reference * 10 ** (-decibels / 20));
  }
  if (happens(0.4, random)) {
    addWhite(window, betweenLog(0.0005, 0.03, random) * (isStandstill ? 0.3 : 1), random);
  }
  if (happens(0.25, random)) addWander(window, betweenLog(0.02, 0.6, random), random);
  if (happens(0.07, random)) {
    addStep(window, random.gaussian() * between(0.3, 3, random), between(0.1, 2, random), random);
  }
  if (happens(0.05, random)) {
    // Lost samples are held.
    const from = Math.floor(random.uniform() * length);
    window.fill(window[Math.max(0, from - 1)]!, from, from + RATE * between(0.05, 1.2, random));
  }
  if (happens(0.05, random)) {
    // The stream began within the window.
    const from = Math.floor(RATE * between(0.3, 4, random));
    window.fill(window[from]!, 0, from);
  }
  if (happens(0.04, random)) clip(window, random);
}

/** A converter or amplifier at its limits. */
function clip(window: Float32Array, random: SeededRandom): void {
  const sorted = window.toSorted();
  const middle = sorted[sorted.length >> 1]!;
  const share = between(0.7, 0.98, random);
  const low = sorted[Math.floor((1 - share) * 0.5 * sorted.length)]!;
  const reach = Math.max(middle - low, 1e-4);
  for (let i = 0; i < window.length; i++) {
    window[i] = Math.max(middle - reach, Math.min(middle + reach, window[i]!));
  }
}
