/** WFDB's compressed formats: what the reference encoder (`flac`) makes is read back to the bit, damage is told. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import fc from 'fast-check';
import { needsProgram } from '../support/needs.ts';

const needs = needsProgram('flac');
const folder = mkdtempSync(join(tmpdir(), 'rhythmd-flac-'));
after(() => rmSync(folder, { recursive: true }));

/** @param channels of the same length; `bits` 8, 16 or 24 */
function compress(name: string, channels: readonly Int32Array[], bits: number, ...options: string[]): void {
  const samples = channels[0]!.length;
  const size = bits / 8;
  const raw = Buffer.alloc(samples * channels.length * size);
  for (let i = 0, at = 0; i < samples; i++) {
    for (const channel of channels) {
      raw.writeIntLE(channel[i]!, at, size);
      at += size;
    }
  }
  const path = join(folder, `${name}.dat`);
  execFileSync(
    'flac',
    [
      ...['--silent', '--force', '--lax', '--force-raw-format', '--endian=little', '--sign=signed'],
      ...[`--channels=${channels.length}`, `--bps=${bits}`, '--sample-rate=360', ...options, '-o', path, '-'],
    ],
    { input: raw },
  );
}

function headerOf(name: string, bits: number, channels: number, samples: number | '', perFrame = 1): string {
  const signal = `${name}.dat ${500 + bits}${perFrame > 1 ? `x${perFrame}` : ''} 200/mV ${bits} 0 0 0 0 II\n`;
  writeFileSync(
    join(folder, `${name}.hea`),
    `${name} ${channels} 360 ${samples}\n${signal.repeat(channels)}`,
  );
  return join(folder, name);
}

function heartlike(samples: number, bits: number, seed: number): Int32Array {
  const top = 2 ** (bits - 1) - 1;
  return Int32Array.from({ length: samples }, (_, i) => {
    const beat = Math.exp(-(((((i + 97 * seed) % 300) - 150) / 6) ** 2));
    return Math.round(top * (0.7 * beat + 0.1 * Math.sin(i / 50 + seed) + 0.01 * Math.sin(i * i + seed)));
  });
}

test('what is no FLAC, is cut off, damaged or has other channels is refused with its place', needs, () => {
  const read = (path: string) => {
    const record = openRecord(path, {});
    try {
      return record.read(0, record.sampleCount);
    } finally {
      record.close();
    }
  };
  writeFileSync(join(folder, 'none.dat'), 'fLaC');
  assert.throws(() => read(headerOf('none', 16, 1, 10)), { code: 'E_WFDB_FLAC', message: /no FLAC/ });
  compress('whole', [heartlike(20_000, 16, 1)], 16);
  assert.throws(() => read(headerOf('whole', 16, 2, 20_000)), { code: 'E_WFDB_FLAC', message: /1 channels/ });
  assert.throws(() => read(headerOf('whole', 8, 1, 20_000)), { code: 'E_WFDB_FLAC', message: /16 bits/ });
  assert.throws(() => read(headerOf('whole', 16, 1, 20_001)), { code: 'E_WFDB_TRUNCATED' });
  const bytes = readFileSync(join(folder, 'whole.dat'));
  writeFileSync(join(folder, 'cut.dat'), bytes.subarray(0, bytes.length - 500));
  assert.throws(() => read(headerOf('cut', 16, 1, 20_000)), { code: 'E_WFDB_FLAC', message: /cut off/ });
  fc.assert(
    fc.property(
      fc.integer({ min: 9000, max: bytes.length - 1 }),
      fc.integer({ min: 0, max: 7 }),
      (at, bit) => {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1 << bit;
        writeFileSync(join(folder, 'damaged.dat'), damaged);
        assert.throws(() => read(headerOf('damaged', 16, 1, 20_000)), {
          code: 'E_WFDB_FLAC',
          message: /damaged at byte|cut off/,
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('8, 16 and 24 bits, one to eight channels, every level: to the bit, from anywhere', needs, () => {
  for (const [bits, channels, level] of [
    [8, 1, '-0'],
    [16, 2, '-5'],
    [16, 3, '-8'],
    [24, 2, '-8'],
    [24, 8, '-3'],
  ] as const) {
    const samples = 12_345;
    const signals = Array.from({ length: channels }, (_, c) => heartlike(samples, bits, c));
    // Alike and opposite channels, zeros, steps of four, the extremes, noise: each is coded in a way of its own.
    signals[channels - 1]!.fill(0, 100, 9000);
    for (let i = 9000; i < 11_000; i++) signals[0]![i] = (i % 20) * 4;
    for (let i = 11_000; i < samples; i++) {
      signals[0]![i] = Math.round((Math.sin(i * i * 12.9898) * 43758.5453) % 1) * (2 ** (bits - 1) - 1);
    }
    signals[0]![5] = -(2 ** (bits - 1));
    compress('any', signals, bits, level);
    const record = openRecord(headerOf('any', bits, channels, samples), {});
    for (const [first, count] of [
      [0, samples],
      [9000, 500],
      [4000, 5000],
      [samples - 3, 3],
      [0, 10],
    ] as const) {
      for (const [lead, values] of record.read(first, count).entries()) {
        const expected = [...signals[lead]!.subarray(first, first + count)];
        const lost = -(2 ** (bits - 1));
        assert.deepEqual(
          [...values],
          expected.map((value) => (value === lost ? LOST_SAMPLE : value)),
          `${bits} bits, channel ${lead} of ${channels}, from ${first}`,
        );
      }
    }
    record.close();
  }
});

test('several samples a frame, and a header that does not say how long it is', needs, () => {
  const signals = [heartlike(8000, 16, 1), heartlike(8000, 16, 2)];
  compress('frames', signals, 16);
  const record = openRecord(headerOf('frames', 16, 2, '', 2), {});
  assert.equal(record.rateHz, 720);
  assert.equal(record.sampleCount, 8000);
  const leads = record.read(1001, 3000);
  for (const [lead, values] of leads.entries()) {
    assert.deepEqual([...values], [...signals[lead]!.subarray(1001, 4001)]);
  }
  record.close();
});
