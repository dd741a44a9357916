import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Resampler } from '@rhythmd/ecg/signal/resampler.ts';
import type { Samples } from '@rhythmd/ecg/types.ts';
import fc from 'fast-check';

interface Stretch {
  first: number;
  lost: number;
  flags: number;
  leads: number[][];
}

function stretchOf(first: number, rateHz: number, leads: readonly Float32Array[], flags = 0): Samples {
  return { first, rateHz, leads, count: leads[0]!.length, flags, lost: 0 };
}

/** Pushes in chunks of the given lengths (cycled) and collects copies of what comes out. */
function resample(
  resampler: Resampler,
  rateHz: number,
  leads: readonly Float32Array[],
  chunks: readonly number[],
  first = 0,
): Stretch[] {
  const out: Stretch[] = [];
  const collect = (s: Samples): void => {
    out.push({
      first: s.first,
      lost: s.lost,
      flags: s.flags,
      leads: s.leads.map((lead) => [...lead.subarray(0, s.count)]),
    });
  };
  for (let at = 0, k = 0; at < leads[0]!.length; k++) {
    const length = chunks[k % chunks.length]!;
    const part = leads.map((lead) => lead.subarray(at, at + length));
    resampler.push(stretchOf(first + at, rateHz, part), collect);
    at += length;
  }
  resampler.flush(collect);
  return out;
}

/** The obvious way: at each output instant, a Kaiser-windowed sinc over the whole signal, its edges held. */
function interpolate(input: Float32Array, inputRateHz: number, outputRateHz: number): number[] {
  const scale = 0.92 * Math.min(1, outputRateHz / inputRateHz);
  const half = Math.ceil(10 / scale);
  const besselI0 = (x: number): number => {
    let sum = 1;
    for (let k = 1, term = 1; k < 60; k++) {
      term *= (x / (2 * k)) ** 2;
      sum += term;
    }
    return sum;
  };
  const out: number[] = [];
  for (let k = 0; (k * inputRateHz) / outputRateHz <= input.length - 1; k++) {
    const t = (k * inputRateHz) / outputRateHz;
    let sum = 0;
    let weights = 0;
    for (let i = Math.floor(t) - half + 1; i <= Math.floor(t) + half; i++) {
      const x = i - t;
      if (Math.abs(x) >= half) continue;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * scale) / (Math.PI * x * scale);
      const weight = (sinc * besselI0(5.65 * Math.sqrt(1 - (x / half) ** 2))) / besselI0(5.65);
      weights += weight;
      sum += weight * input[Math.min(input.length - 1, Math.max(0, i))]!;
    }
    out.push(sum / weights);
  }
  return out;
}

test('rates outside the possible are refused with the range', () => {
  for (const rateHz of [0, -360, 10, 1e6, Number.NaN]) {
    const make = (): Resampler => new Resampler({ inputRateHz: rateHz, outputRateHz: 360, leads: 1 });
    assert.throws(make, { code: 'E_RATE_RANGE' });
  }
});

test('nothing in, nothing out', () => {
  const resampler = new Resampler({ inputRateHz: 250, outputRateHz: 360, leads: 1 });
  resampler.flush(() => assert.fail('made samples from none'));
});

test('equal rates pass through as they are', () => {
  const resampler = new Resampler({ inputRateHz: 360, outputRateHz: 360, leads: 1 });
  const samples = stretchOf(7, 360, [Float32Array.of(1, 2, 3)]);
  resampler.push(samples, (out) => assert.equal(out, samples));
});

test('property: streaming in any chunks equals interpolating the whole signal', () => {
  const rates = fc.constantFrom(100, 125, 128, 200, 250, 256, 257, 360, 500, 512, 777, 1000);
  fc.assert(
    fc.property(
      rates,
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }),
      fc.array(fc.float({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 400 }),
      (inputRateHz, chunks, values) => {
        const input = Float32Array.from(values);
        const negated = input.map((value) => -value);
        const resampler = new Resampler({ inputRateHz, outputRateHz: 360, leads: 2 });
        const out = resample(resampler, inputRateHz, [input, negated], chunks);
        const got = out.flatMap((s) => s.leads[0]!);
        const expected = inputRateHz === 360 ? [...input] : interpolate(input, inputRateHz, 360);
        assert.equal(got.length, expected.length);
        got.forEach((value, i) => {
          assert.ok(Math.abs(value - expected[i]!) < 1e-5, `${i}: ${value} for ${expected[i]}`);
        });
        assert.deepEqual(
          out.flatMap((s) => s.leads[1]!).map((value) => 0 - value),
          got.map((value) => 0 - -value),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('a 17 Hz sine keeps its amplitude and place at every rate', () => {
  for (const inputRateHz of [100, 128, 250, 333.333, 500, 1000]) {
    const input = new Float32Array(Math.round(4 * inputRateHz));
    for (let i = 0; i < input.length; i++) input[i] = Math.sin((2 * Math.PI * 17 * i) / inputRateHz);
    const resampler = new Resampler({ inputRateHz, outputRateHz: 360, leads: 1 });
    const got = resample(resampler, inputRateHz, [input], [64]).flatMap((s) => s.leads[0]!);
    for (let k = 360; k < 1080; k++) {
      const expected = Math.sin((2 * Math.PI * 17 * k) / 360);
      assert.ok(Math.abs(got[k]! - expected) < 4e-3, `${inputRateHz} Hz: ${got[k]} for ${expected} at ${k}`);
    }
  }
});

test('what the output cannot carry is suppressed: 220 Hz at 1,000 Hz does not come back as 140 Hz', () => {
  const input = new Float32Array(4000).map((_, i) => Math.sin((2 * Math.PI * 220 * i) / 1000));
  const resampler = new Resampler({ inputRateHz: 1000, outputRateHz: 360, leads: 1 });
  const got = resample(resampler, 1000, [input], [100]).flatMap((s) => s.leads[0]!);
  for (const value of got.slice(200, 1200)) assert.ok(Math.abs(value) < 3e-3);
});

test('a gap is carried in output samples, and both sides keep their place', () => {
  const resampler = new Resampler({ inputRateHz: 250, outputRateHz: 360, leads: 1 });
  const out: Stretch[] = [];
  const collect = (s: Samples): void => {
    out.push({
      first: s.first,
      lost: s.lost,
      flags: s.flags,
      leads: [[...s.leads[0]!.subarray(0, s.count)]],
    });
  };
  resampler.push(stretchOf(0, 250, [new Float32Array(250).fill(1)]), collect);
  resampler.push(stretchOf(500, 250, [new Float32Array(250).fill(2)], 4), collect);
  resampler.flush(collect);
  let next = 0;
  for (const stretch of out) {
    assert.equal(stretch.first, next + stretch.lost);
    next = stretch.first + stretch.leads[0]!.length;
    for (const value of stretch.leads[0]!) {
      assert.ok(Math.abs(value - (stretch.first < 720 ? 1 : 2)) < 1e-6);
    }
    assert.equal(stretch.flags, stretch.first < 720 ? 0 : 4);
  }
  assert.equal(next, 1079);
  const after = out.find((stretch) => stretch.lost > 0)!;
  assert.equal(after.first, 720);
});

test('a lost sample comes out as one, and nothing else changes beyond the reach of the filter', () => {
  const wave = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i / 9));
  const holed = wave.slice();
  holed[500] = Number.NaN;
  const run = (lead: Float32Array): number[] => {
    const resampler = new Resampler({ inputRateHz: 250, outputRateHz: 360, leads: 1 });
    const out: number[] = [];
    const take = ({ leads, count }: Samples) => void out.push(...leads[0]!.subarray(0, count));
    resampler.push({ first: 0, rateHz: 250, leads: [lead], count: lead.length, flags: 0, lost: 0 }, take);
    resampler.flush(take);
    return out;
  };
  const [whole, lossy] = [run(wave), run(holed)];
  const lost = lossy.flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
  assert.ok(lost.length >= 1 && lost.length <= 2, `${lost.length}`);
  const reach = 60;
  for (const [i, value] of lossy.entries()) {
    if (Math.abs(i - 720) > reach) assert.equal(value, whole[i]);
  }
});
