/**
 * Copies of a lead as a worse recording would show it: noise of the noise stress test's records, electrode motion
 * made up here, another gain, another sample rate. Of the recorded electrode motion only the minutes are used that
 * the stress test never plays: the detector is measured with the others.
 */
import { Resampler } from '@rhythmd/ecg/signal/resampler.ts';
import { type ReferencedRecord, stream } from './beats.ts';
import { makeRandom } from './random.ts';

/** Noise is on for this many seconds, then off for as many. */
const BURST_S = 20;
/** The gain stays for this long. */
const GAIN_S = 90;
/** Rates a lead may be thinned to and back; the first two are common, the last changes nothing. */
const RATES_HZ = [128, 250, 360];

export interface Noise {
  /** Signals in units of their own root mean square within a second. */
  readonly muscle: readonly Float32Array[];
  readonly wander: readonly Float32Array[];
  readonly motion: readonly Float32Array[];
}

export function augmentLead(
  record: ReferencedRecord,
  lead: number,
  noise: Noise,
  seed: number,
): Float32Array {
  const random = makeRandom(seed);
  const { rateHz } = record;
  const signal = record.leads[lead]!.slice();
  const height = qrsHeight(signal, record.beats, rateHz);
  const burst = BURST_S * rateHz;
  for (let from = 0; from < signal.length; from += 2 * burst) {
    const to = Math.min(signal.length, from + burst);
    const kind = random();
    if (kind < 0.25)
      addRecorded(signal, from, to, noise.muscle, height * (0.03 + 0.2 * random() ** 2), random);
    else if (kind < 0.5) addRecorded(signal, from, to, noise.wander, height * (0.1 + 0.6 * random()), random);
    else addElectrodeMotion(signal, from, to, height, rateHz, random);
  }
  const stretch = GAIN_S * rateHz;
  for (let from = 0; from < signal.length; from += stretch) {
    const gain = 2 ** (2 * random() - 1);
    for (let i = from; i < Math.min(signal.length, from + stretch); i++) signal[i]! *= gain;
  }
  const through = RATES_HZ[Math.floor(random() * RATES_HZ.length)]!;
  return through === rateHz ? signal : resample(resample(signal, rateHz, through), through, rateHz);
}

/** Median peak-to-peak height of the beats. */
function qrsHeight(signal: Float32Array, beats: Int32Array, rateHz: number): number {
  const half = Math.round(0.06 * rateHz);
  const heights: number[] = [];
  for (let k = 3; k < beats.length; k += 17) {
    const window = signal.subarray(Math.max(0, beats[k]! - half), beats[k]! + half);
    heights.push(Math.max(...window) - Math.min(...window));
  }
  heights.sort((a, b) => a - b);
  return heights[heights.length >> 1] ?? 1;
}

function addRecorded(
  signal: Float32Array,
  from: number,
  to: number,
  noises: readonly Float32Array[],
  rms: number,
  random: () => number,
): void {
  const noise = noises[Math.floor(random() * noises.length)]!;
  const start = Math.floor(random() * (noise.length - (to - from)));
  const sign = random() < 0.5 ? -1 : 1;
  for (let i = from; i < to; i++) signal[i]! += sign * rms * (noise[start + i - from]! - noise[start]!);
}

/** Steps that decay, bumps, wavelets and short wanders at random instants, up to a few times a beat's height. */
function addElectrodeMotion(
  signal: Float32Array,
  from: number,
  to: number,
  height: number,
  rateHz: number,
  random: () => number,
): void {
  addMotion(signal, from, to, height * (0.05 + 0.6 * random()), rateHz, random);
  const perSecond = 0.2 + 1.6 * random();
  const strength = height * (0.2 + 1.3 * random());
  for (let at = from; ; ) {
    at += Math.ceil((-Math.log(1 - random()) / perSecond) * rateHz);
    if (at >= to) return;
    const size = strength * (0.3 + random()) * (random() < 0.5 ? -1 : 1);
    const kind = Math.floor(random() * 4);
    if (kind === 0) {
      const rise = 0.01 * rateHz + random() * 0.08 * rateHz;
      const decay = (0.1 + 1.1 * random()) * rateHz;
      for (let i = at; i < to; i++)
        signal[i]! += size * Math.min((i - at) / rise, Math.exp(-(i - at - rise) / decay));
    } else if (kind === 1) {
      const width = (0.025 + 0.165 * random()) * rateHz;
      addShape(signal, at, width, (u) => (Math.abs(u) > 1 ? 0 : (size * (1 + Math.cos(Math.PI * u))) / 2));
    } else if (kind === 2) {
      const width = (0.03 + 0.11 * random()) * rateHz;
      addShape(signal, at, width, (u) => 1.5 * size * u * Math.exp(-u * u));
    } else {
      let step = 0;
      const length = (0.17 + 0.83 * random()) * rateHz;
      for (let i = at; i < Math.min(to, at + length); i++) {
        step = 0.93 * step + 0.07 * (random() - 0.5) * 8;
        signal[i]! += size * step * Math.min(1, (i - at) / 30, (at + length - i) / 30);
      }
    }
  }
}

/** Restless skin: noise below a few hertz, whose strength comes and goes within seconds. */
function addMotion(
  signal: Float32Array,
  from: number,
  to: number,
  rms: number,
  rateHz: number,
  random: () => number,
): void {
  const fast = 1 - Math.exp((-2 * Math.PI * (4 + 12 * random())) / rateHz);
  const slow = 1 - Math.exp((-2 * Math.PI * (0.7 + 3 * random())) / rateHz);
  const period = (1 + 4 * random()) * rateHz;
  const motion = new Float32Array(to - from);
  let once = 0;
  let twice = 0;
  let squares = 0;
  for (let i = 0; i < motion.length; i++) {
    once += fast * (random() - 0.5 - once);
    twice += slow * (once - twice);
    motion[i] = twice * Math.sin((Math.PI * i) / period) ** 2;
    squares += motion[i]! ** 2;
  }
  const scale = rms / Math.sqrt(squares / motion.length);
  for (let i = 0; i < motion.length; i++) signal[from + i]! += scale * motion[i]!;
}

function addShape(signal: Float32Array, centre: number, width: number, shape: (u: number) => number): void {
  const first = Math.max(0, Math.ceil(centre - 2.5 * width));
  for (let i = first; i < Math.min(signal.length, centre + 2.5 * width); i++)
    signal[i]! += shape((i - centre) / width);
}

export function resample(signal: Float32Array, inputRateHz: number, outputRateHz: number): Float32Array {
  const output = new Float32Array(Math.ceil((signal.length * outputRateHz) / inputRateHz));
  const resampler = new Resampler({ inputRateHz, outputRateHz, leads: 1 });
  const keep = (samples: { first: number; count: number; leads: readonly Float32Array[] }): void =>
    output.set(samples.leads[0]!.subarray(0, samples.count), samples.first);
  stream([signal], inputRateHz, (samples) => resampler.push(samples, keep));
  resampler.flush(keep);
  return output;
}

/** A noise signal in units of its own root mean square about the mean of each second. */
export function unitNoise(signal: Float32Array, rateHz: number): Float32Array {
  let squares = 0;
  for (let from = 0; from + rateHz <= signal.length; from += rateHz) {
    let sum = 0;
    for (let i = from; i < from + rateHz; i++) sum += signal[i]!;
    for (let i = from; i < from + rateHz; i++) squares += (signal[i]! - sum / rateHz) ** 2;
  }
  const rms = Math.sqrt(squares / signal.length);
  return signal.map((value) => value / rms);
}
