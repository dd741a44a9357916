/**
 * Rhythms that the records have few of, made of their beats and of nothing: standstill, very slow and very fast
 * hearts, ventricular runs of every shape there is a beat for, flutter of every frequency.
 */
import { RHYTHM_RATE_HZ } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { BEAT_BEFORE, BEAT_SAMPLES, type BeatBank, placeBeats } from './beat-bank.ts';
import { addBand, addScaled, between, betweenLog, drawnFrom, happens } from './draws.ts';
import { addPWaves, quietLine } from './quiet-line.ts';

const RATE = RHYTHM_RATE_HZ;

/** Nothing for at least the last three seconds; in half of them beats before that. */
export function standstill(length: number, bank: BeatBank, random: SeededRandom): Float32Array {
  const window = quietLine(length, random);
  if (happens(0.35, random)) addPWaves(window, random);
  if (happens(0.45, random)) {
    const group = bank.draw(happens(0.7, random) ? 'conducted' : 'ventricular', random);
    const interval = RATE * between(0.4, 1.6, random);
    // A T wave belongs to the beat: nothing follows it.
    const last = length - RATE * between(3.4, 7.8, random);
    placeBeats(
      window,
      group,
      times(last, -BEAT_SAMPLES, -interval, 0.03, random),
      lognormal(0.3, random),
      random,
    );
  }
  return window;
}

/** 22 to 50 a minute with a quiet diastole, the last beat at most 2.7 s ago. */
export function slowHeart(length: number, bank: BeatBank, random: SeededRandom): Float32Array {
  const window = quietLine(length, random);
  if (happens(0.4, random)) addPWaves(window, random);
  const group = bank.draw(happens(0.35, random) ? 'ventricular' : 'conducted', random);
  const interval = (60 / between(22, 50, random)) * RATE;
  const last = length - Math.min(2.7 * RATE, between(0.1 * RATE, interval, random));
  const beats = times(last, -BEAT_SAMPLES, -interval, happens(0.4, random) ? 0.12 : 0.01, random);
  placeBeats(window, group, beats, lognormal(0.4, random), random);
  return window;
}

/** Narrow QRS at 130 to 280 a minute, a third of them irregular. */
export function fastNarrow(length: number, bank: BeatBank, random: SeededRandom): Float32Array {
  const window = quietLine(length, random);
  const interval = (60 / between(130, 280, random)) * RATE;
  const jitter = happens(0.35, random) ? 0.2 : 0.01;
  const beats = times(-interval * random.uniform(), length + BEAT_BEFORE, interval, jitter, random);
  const part = partOfBeat(interval, 0.35, 0.75);
  placeBeats(window, bank.draw('narrow', random), beats, lognormal(0.4, random), random, part);
  return window;
}

/** 50 to 120 a minute with ventricular beats among them, early, alone or in pairs; never three in a row. */
export function ectopicHeart(length: number, bank: BeatBank, random: SeededRandom): Float32Array {
  const window = quietLine(length, random);
  const conducted = bank.draw('conducted', random);
  const shapes = bank.draw('ventricular', random);
  const isMultiform = happens(0.3, random);
  const ventricular = isMultiform ? shapes : [drawnFrom(shapes, random)];
  const interval = (60 / between(50, 120, random)) * RATE;
  const gain = lognormal(0.3, random);
  const ventricularGain = gain * lognormal(0.3, random);
  const share = between(0.1, 0.5, random);
  const pairs = happens(0.4, random) ? 0.35 : 0;
  let inRow = 0;
  for (let at = -BEAT_SAMPLES * random.uniform(); at < length + BEAT_BEFORE; ) {
    const [group, height] = inRow > 0 ? [ventricular, ventricularGain] : [conducted, gain];
    placeBeats(window, group, [at], height, random);
    const isNext = inRow === 0 ? happens(share, random) : inRow === 1 && happens(pairs, random);
    // Early; after it a compensatory pause.
    const step = isNext ? 0.62 : inRow > 0 ? 1.3 : 1;
    at += interval * step * (1 + 0.03 * random.gaussian());
    inRow = isNext ? inRow + 1 : 0;
  }
  return window;
}

/**
 * Ventricular beats at 112 to 270 a minute: all through, or a run of 3 to 11 among others near the window's end.
 * @returns how much of the last `tail` samples is tachycardia, 0 to 1
 */
export function ventricularRun(
  window: Float32Array,
  tail: number,
  bank: BeatBank,
  random: SeededRandom,
): number {
  const { length } = window;
  window.set(quietLine(length, random));
  const shapes = bank.draw('ventricular', random);
  const group = happens(0.75, random) ? [shapes[Math.floor(random.uniform() * shapes.length)]!] : shapes;
  const interval = (60 / between(112, 270, random)) * RATE;
  const isShort = happens(0.45, random);
  const end = isShort ? length - RATE * between(-0.5, 0.9, random) : length + BEAT_BEFORE;
  const start = isShort ? end - interval * Math.floor(between(3, 12, random)) : -BEAT_SAMPLES;
  const gain = lognormal(0.3, random);
  const beats = times(start, end, interval, 0.06 * random.uniform(), random);
  const part = partOfBeat(interval, 0.45, 1.05);
  placeBeats(window, group, beats, gain * lognormal(0.3, random), random, part);
  const others = bank.draw('conducted', random);
  const sinus = RATE * between(0.45, 1.1, random);
  const before = times(start - 0.6 * RATE, -BEAT_SAMPLES, -sinus, 0.02, random);
  const after = times(beats.at(-1)! + 0.7 * RATE, length + BEAT_BEFORE, sinus, 0.02, random);
  placeBeats(window, others, [...before, ...after], gain, random);
  const from = Math.max(length - tail, start - 0.1 * RATE);
  const to = Math.min(length, beats.at(-1)! + 0.3 * RATE);
  return Math.max(0, to - from) / tail;
}

/** 2.8 to 8 Hz, its frequency and height never quite the same, from a flutter to something coarse. */
export function flutter(length: number, random: SeededRandom): Float32Array {
  const hz = between(2.8, 8, random);
  const frequency = new Float32Array(length);
  addBand(frequency, 0.05, 1.2, between(0, 0.25, random), random);
  const height = new Float32Array(length);
  addBand(height, 0.05, 1.5, between(0, 0.6, random), random);
  const second = between(0, 0.4, random);
  const turned = 2 * Math.PI * random.uniform();
  const wave = new Float32Array(length);
  let phase = 2 * Math.PI * random.uniform();
  for (let i = 0; i < length; i++) {
    phase += (2 * Math.PI * hz * (1 + frequency[i]!)) / RATE;
    wave[i] = Math.max(0.05, 1 + height[i]!) * (Math.sin(phase) + second * Math.sin(2 * phase + turned));
  }
  if (happens(0.7, random)) addBand(wave, 2, 9, between(0.1, 0.8, random), random);
  const window = quietLine(length, random);
  addScaled(window, wave, betweenLog(0.06, 0.7, random));
  return window;
}

/** From `from` in steps of `interval` (backwards when it is negative) until `to`; each step differs by `jitter`. */
function times(from: number, to: number, interval: number, jitter: number, random: SeededRandom): number[] {
  const list = [from];
  for (;;) {
    const next = list.at(-1)! + interval * Math.max(0.55, 1 + jitter * random.gaussian());
    if (interval > 0 ? next >= to : next <= to) return list;
    list.push(next);
  }
}

/** Of beats that follow each other closely: so much of the interval before the R wave, so much after it. */
function partOfBeat(interval: number, before: number, after: number): [number, number] {
  return [
    Math.floor(Math.max(0, BEAT_BEFORE - before * interval)),
    Math.floor(Math.min(BEAT_SAMPLES, BEAT_BEFORE + after * interval)),
  ];
}

function lognormal(deviation: number, random: SeededRandom): number {
  return Math.exp(deviation * random.gaussian());
}
