import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BeatBuilder, type ChannelLayout } from '@rhythmd/ecg/beat/beat-builder.ts';
import { recordLevel } from '@rhythmd/ecg/beat/level.ts';
import type { Beat } from '@rhythmd/ecg/types.ts';
import { slowBeat, slowRhythm, slowTypicalBeat } from '../../support/slow-beat-image.ts';

const SAMPLES = 30_000;

/** A wandering baseline, a spike at every peak, and noise that never repeats. */
function syntheticLead(peaks: readonly number[]): Float32Array {
  const lead = new Float32Array(SAMPLES);
  let state = 12345;
  for (let i = 0; i < SAMPLES; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    lead[i] = 0.3 * Math.sin(i / 500) + (state / 2 ** 32 - 0.5) * 0.05;
  }
  for (const peak of peaks)
    for (let d = -8; d <= 8; d++) if (peak + d >= 0) lead[peak + d]! += 1 - Math.abs(d) / 9;
  return lead;
}

/** Irregular, with one pause beyond the live reach, one beyond any, and a pair close together. */
function syntheticPeaks(): number[] {
  const peaks: number[] = [150];
  let seed = 7;
  while (peaks.at(-1)! < SAMPLES - 900) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    let rr = 250 + ((seed >>> 16) % 150);
    if (peaks.length === 20) rr = 900;
    if (peaks.length === 40) rr = 1500;
    if (peaks.length === 60) rr = 101;
    peaks.push(peaks.at(-1)! + rr);
  }
  return peaks;
}

interface Collected {
  readonly sample: number;
  readonly rrBefore: number | null;
  readonly rrAfter: number | null;
  readonly image: Float32Array;
}

function collect(
  lead: Float32Array,
  peaks: readonly number[],
  normalisation: 'record' | 'running',
  channels: ChannelLayout,
  chunk: number,
  delay: number,
): Collected[] {
  const builder = new BeatBuilder({
    rateHz: 360,
    normalisation: normalisation === 'record' ? recordLevel(lead) : 'running',
    channels,
  });
  const beats: Collected[] = [];
  const onBeat = (beat: Beat): void => {
    beats.push({ ...beat, image: beat.image.slice() });
  };
  let next = 0;
  for (let first = 0; first < lead.length; first += chunk) {
    const count = Math.min(chunk, lead.length - first);
    builder.pushSamples(lead.subarray(first, first + count), count, first);
    while (next < peaks.length && peaks[next]! + delay < first + count) {
      builder.pushPeak({ sample: peaks[next]!, amplitudeMv: 1, knownAt: peaks[next]! + delay });
      next++;
    }
    builder.drain(onBeat);
  }
  builder.flush(onBeat);
  return beats;
}

const peaks = syntheticPeaks();
const lead = syntheticLead(peaks);

for (const normalisation of ['record', 'running'] as const) {
  test(`${normalisation}: every beat equals the slow reference, whatever the chunks and the detector's delay`, () => {
    for (const [chunk, delay] of [
      [90, 60],
      [37, 170],
      [3600, 100],
    ] as const) {
      const beats = collect(lead, peaks, normalisation, 'beat-typical-rhythm', chunk, delay);
      assert.deepEqual(
        beats.map((beat) => beat.sample),
        peaks,
      );
      for (const [index, beat] of beats.entries()) {
        const input = { lead, peaks, index, normalisation };
        assertNear(beat.image.subarray(0, 1296), slowBeat(input), `beat ${index}`);
        assertNear(beat.image.subarray(2592), slowRhythm(input), `rhythm ${index}`);
        if (index % 31 === 30) {
          assertNear(beat.image.subarray(1296, 2592), slowTypicalBeat(input), `typical ${index}`);
        }
      }
    }
  });
}

test('replicated: the same plane three times', () => {
  for (const { image } of collect(lead, peaks, 'running', 'replicated', 90, 60)) {
    assert.deepEqual(image.subarray(1296, 2592), image.subarray(0, 1296));
    assert.deepEqual(image.subarray(2592), image.subarray(0, 1296));
  }
});

test('RR intervals: null for the first and last, before a pause beyond reach, and across a flush', () => {
  const beats = collect(lead, peaks, 'running', 'replicated', 90, 60);
  assert.equal(beats[0]!.rrBefore, null);
  assert.equal(beats.at(-1)!.rrAfter, null);
  assert.equal(beats[19]!.rrAfter, null, '900 samples are beyond the live reach of 648');
  assert.equal(beats[20]!.rrBefore, 900);

  const builder = new BeatBuilder({ rateHz: 360, normalisation: 'running', channels: 'replicated' });
  const seen: (number | null)[] = [];
  const onBeat = (beat: Beat): void => void seen.push(beat.rrBefore);
  builder.pushSamples(lead, 3000, 0);
  for (const sample of [500, 800]) builder.pushPeak({ sample, amplitudeMv: 1, knownAt: sample });
  builder.flush(onBeat);
  builder.pushPeak({ sample: 2000, amplitudeMv: 1, knownAt: 2000 });
  builder.flush(onBeat);
  assert.deepEqual(seen, [null, 300, null]);
});

test('a beat without a next peak is complete 2.2 s after its own: 1.8 s, and the time a late peak may take', () => {
  const builder = new BeatBuilder({ rateHz: 360, normalisation: 'running', channels: 'replicated' });
  let emittedAt: number | null = null;
  builder.pushSamples(lead, 600, 0);
  builder.pushPeak({ sample: 500, amplitudeMv: 1, knownAt: 560 });
  for (let end = 601; end < 2000 && emittedAt === null; end++) {
    builder.pushSamples(lead.subarray(end - 1), 1, end - 1);
    builder.drain(() => {
      emittedAt = end;
    });
  }
  assert.equal(emittedAt, 500 + 648 + 150 + 1);
});

test('lost samples are zeros in the image, and the level is measured without them', () => {
  const builder = new BeatBuilder({ rateHz: 360, normalisation: 'running', channels: 'replicated' });
  const images: Float32Array[] = [];
  const take = (first: number, count: number): void =>
    builder.pushSamples(lead.subarray(first), count, first);
  take(0, 3000);
  take(3050, 3000);
  builder.pushPeak({ sample: 3040, amplitudeMv: 1, knownAt: 3100 });
  builder.flush((beat) => images.push(beat.image.slice()));
  const image = images[0]!;
  assert.ok(image.every(Number.isFinite));
  for (let sample = 3000; sample < 3050; sample++) assert.equal(image[sample - 3040 + 648], 0);
  assert.notEqual(image[2999 - 3040 + 648], 0);
  assert.notEqual(image[3050 - 3040 + 648], 0);
});

test('bad input: peaks out of order are ignored and counted, waiting peaks are bounded, silence is no crash', () => {
  const builder = new BeatBuilder({ rateHz: 360, normalisation: 'running', channels: 'beat-typical-rhythm' });
  builder.pushPeak({ sample: 100, amplitudeMv: 1, knownAt: 100 });
  builder.pushPeak({ sample: 100, amplitudeMv: 1, knownAt: 100 });
  builder.pushPeak({ sample: 50, amplitudeMv: 1, knownAt: 100 });
  assert.equal(builder.ignoredPeaks, 2);
  for (let i = 0; i < 200; i++) builder.pushPeak({ sample: 1000 + i * 100, amplitudeMv: 1, knownAt: 0 });
  assert.equal(builder.ignoredPeaks, 2 + 200 - 63);
  builder.flush((beat) => assert.ok(beat.image.every(Number.isFinite)));
  builder.pushSamples(new Float32Array(3000), 3000, 1_000_000);
  builder.pushPeak({ sample: 1_001_000, amplitudeMv: 0, knownAt: 1_001_000 });
  builder.flush((beat) => assert.ok(beat.image.every(Number.isFinite)));
});

function assertNear(actual: Float32Array, expected: number[], what: string): void {
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    assert.ok(error < 2e-4, `${what}[${i}]: ${actual[i]} instead of ${expected[i]}`);
  }
}
