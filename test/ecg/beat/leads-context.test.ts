import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BeatBuilder } from '@rhythmd/ecg/beat/beat-builder.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';

const RATE = 360;
const CONTEXT = 2 * 1296;
const row = (image: Float32Array, number: number): Float32Array =>
  image.subarray(CONTEXT + number * 36, CONTEXT + (number + 1) * 36);

interface HeartBeat {
  readonly sample: number;
  readonly kind: 'sinus' | 'atrial' | 'ventricular';
}

/** A regular heart at 75 a minute; beats of `others` come 100 ms or more early, as what they are. */
function heart(
  beats: number,
  others: ReadonlyMap<number, 'atrial' | 'ventricular'> = new Map(),
): HeartBeat[] {
  return Array.from({ length: beats }, (_, i) => {
    const kind = others.get(i) ?? 'sinus';
    return { sample: 400 + 288 * i - (kind === 'sinus' ? 0 : 90), kind };
  });
}

/** Gaussians for P, QRS and T; no P before a ventricular beat, another one before an atrial beat. */
function signalOf(beats: readonly HeartBeat[], gain = 1): Float32Array {
  const signal = new Float32Array(beats.at(-1)!.sample + 800);
  const wave = (centre: number, width: number, height: number): void => {
    for (let i = Math.max(0, centre - 4 * width); i < Math.min(signal.length, centre + 4 * width); i++) {
      signal[i]! += gain * height * Math.exp(-0.5 * ((i - centre) / width) ** 2);
    }
  };
  for (const { sample, kind } of beats) {
    if (kind === 'ventricular') wave(sample, 18, 1.4);
    else {
      wave(sample - 58, 9, kind === 'atrial' ? -0.15 : 0.15);
      wave(sample, 4, 1);
    }
    wave(sample + 100, 20, 0.3);
  }
  return signal;
}

function build(beats: readonly HeartBeat[], leads: readonly Float32Array[], chunk = 180): Float32Array[] {
  const builder = new BeatBuilder({ rateHz: RATE, normalisation: 'running', channels: 'leads-context' });
  const images: Float32Array[] = [];
  let next = 0;
  for (let first = 0; first < leads[0]!.length; first += chunk) {
    const count = Math.min(chunk, leads[0]!.length - first);
    const [lead, second] = leads.map((values) => values.subarray(first, first + count));
    builder.pushSamples(lead!, count, first, second ?? null);
    while (next < beats.length && beats[next]!.sample < first + count) {
      const { sample } = beats[next++]!;
      builder.pushPeak({ sample, amplitudeMv: 1, knownAt: sample });
    }
    builder.drain(({ image }) => images.push(image.slice()));
  }
  builder.flush(({ image }) => images.push(image.slice()));
  return images;
}

test('lost samples leave a lead out of the beats they touch: zeros, never NaN', () => {
  const beats = heart(30);
  const second = signalOf(beats, 0.7);
  second.fill(Number.NaN, 5000, 6000);
  const images = build(beats, [signalOf(beats), second]);
  for (const image of images) assert.ok(image.every(Number.isFinite));
  const touched = images[beats.findIndex(({ sample }) => sample > 5300)]!;
  assert.ok(
    touched.subarray(648, 1296).every((value) => value === 0),
    'its strip',
  );
  assert.ok(
    touched.subarray(1296 + 648, CONTEXT).every((value) => value === 0),
    'its typical beat',
  );
  assert.ok(
    row(touched, 20).every((value) => value === 0),
    'what is said of it',
  );
  assert.equal(row(touched, 19)[15], 1, 'the other lead is there');
  assert.equal(row(images.at(-1)!, 20)[15], 1, 'and it comes back');
});

test('one lead alone: everything of the second is zero', () => {
  const beats = heart(20);
  const last = build(beats, [signalOf(beats)]).at(-1)!;
  assert.ok(last.subarray(648, 1296).every((value) => value === 0));
  assert.ok(row(last, 20).every((value) => value === 0));
  for (let beat = 0; beat < 18; beat++)
    for (const column of [3, 5, 7, 10]) assert.equal(row(last, beat)[column], 0);
});

test('the first beat of all has no past: rows before it are zeros, its intervals the usual ones', () => {
  const beats = heart(3);
  const first = build(beats, [signalOf(beats)])[0]!;
  for (let beat = 0; beat < 16; beat++) assert.ok(row(first, beat).every((value) => value === 0));
  assert.equal(row(first, 16)[8], 1);
  assert.equal(row(first, 18)[0], 0);
});

test('images depend on samples and peaks, not on how they were cut into calls', () => {
  const beats = heart(25, new Map([[15, 'ventricular']]));
  const leads = [signalOf(beats), signalOf(beats, -0.5)];
  const whole = build(beats, leads, 3600);
  for (const chunk of [1, 37, 360]) assert.deepEqual(build(beats, leads, chunk), whole, `chunks of ${chunk}`);
});

test('an early beat: its intervals say so, and so does its P wave when it is another', () => {
  const beats = heart(30, new Map([[25, 'atrial']]));
  const images = build(beats, [signalOf(beats)]);
  const usual = images[24]!;
  const early = images[25]!;
  assert.ok(row(usual, 16)[2]! > 0.95, 'the usual P wave repeats');
  assert.ok(row(early, 16)[2]! < 0, 'the early one is turned over');
  assert.ok(Math.abs(row(early, 18)[0]! - 3 * Math.log(198 / 288)) < 0.03);
  assert.ok(
    Math.abs(row(early, 15)[0]! - 3 * Math.log(288 / 198)) < 0.03,
    'the beat before it, relative to it',
  );
  assert.ok(Math.abs(row(early, 17)[0]! - 3 * Math.log(378 / 198)) < 0.03, 'the pause after it');
  assert.equal(row(early, 19)[6], 1, 'its QRS is the usual one');
});

test('a ventricular beat is a shape of its own, and its like belong to it; the typical beat stays', () => {
  const beats = heart(
    40,
    new Map([
      [20, 'ventricular'],
      [24, 'ventricular'],
      [28, 'ventricular'],
    ]),
  );
  const images = build(beats, [signalOf(beats)]);
  const [first, third] = [row(images[20]!, 19), row(images[28]!, 19)];
  assert.ok(first[3]! < 0.9, 'unlike the usual shape');
  assert.equal(first[6], 0);
  assert.ok(third[0]! > 0.95, 'like the ones before');
  assert.ok(third[2]! < -0.9, 'whose beats came early');
  assert.ok(third[10]! > 0.3, 'wider than usual');
  const typical = images[21]!.subarray(1296, 1296 + 648);
  const before = images[19]!.subarray(1296, 1296 + 648);
  let difference = 0;
  for (let i = 0; i < 648; i++) difference = Math.max(difference, Math.abs(typical[i]! - before[i]!));
  assert.ok(difference < 0.2, `${difference}`);
});

test('whether there are P waves: near 1 while beats on time have the same, whatever early ones have; less where none repeats', () => {
  const many = new Map(Array.from({ length: 20 }, (_, i) => [20 + 2 * i, 'atrial'] as const));
  const bigeminy = heart(60, many);
  assert.ok(row(build(bigeminy, [signalOf(bigeminy)]).at(-2)!, 16)[9]! > 0.95);
  assert.equal(row(build(bigeminy, [signalOf(bigeminy)]).at(-2)!, 16)[10], 0, 'no second lead');

  const random = new SeededRandom(5);
  const beats = heart(60);
  const signal = signalOf(beats);
  // In place of P waves: 6 Hz of another phase before every beat.
  for (const { sample } of beats) {
    const phase = 2 * Math.PI * random.uniform();
    for (let i = sample - 110; i < sample - 12; i++)
      signal[i] = 0.1 * Math.sin(phase + (i * 12 * Math.PI) / RATE);
  }
  assert.ok(row(build(beats, [signal]).at(-2)!, 16)[9]! < 0.9);
});
