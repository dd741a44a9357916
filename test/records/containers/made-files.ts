/** Files of other formats in a folder that goes with the test, made as their specifications have them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

export const folder = mkdtempSync(join(tmpdir(), 'rhythmd-containers-'));
after(() => rmSync(folder, { recursive: true }));
export const file = (name: string, content: Uint8Array | string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
export const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-3, `${actual} instead of ${expected}`);

interface MadeSignal {
  readonly label: string;
  readonly units: string;
  readonly physical: readonly [number, number];
  readonly samples: number;
}

/** The header as the specification has it. */
export function edfHeader(
  signals: readonly MadeSignal[],
  records: number,
  reserved: string,
  bdf = false,
): Buffer {
  const limits = bdf ? ['-8388608', '8388607'] : ['-32768', '32767'];
  const fields: [number, string[]][] = [
    [80, ['patient']],
    [80, ['Startdate 02-MAR-2137 X X X']],
    [8, ['02.03.yy']],
    [8, ['10.11.12']],
    [8, [String(256 * (signals.length + 1))]],
    [44, [reserved]],
    [8, [String(records)]],
    [8, ['1']],
    [4, [String(signals.length)]],
    [16, signals.map(({ label }) => label)],
    [80, signals.map(() => 'AgAgCl')],
    [8, signals.map(({ units }) => units)],
    [8, signals.map(({ physical }) => String(physical[0]))],
    [8, signals.map(({ physical }) => String(physical[1]))],
    [8, signals.map(() => limits[0]!)],
    [8, signals.map(() => limits[1]!)],
    [80, signals.map(() => 'HP:0.05Hz')],
    [8, signals.map(({ samples }) => String(samples))],
    [32, signals.map(() => '')],
  ];
  const text = fields.flatMap(([width, values]) => values.map((value) => value.padEnd(width))).join('');
  return Buffer.concat([
    Buffer.from(bdf ? '\xffBIOSEMI' : '0       ', 'latin1'),
    Buffer.from(text, 'latin1'),
  ]);
}

export function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeInt16LE(value, 2 * i);
  return bytes;
}

export const list = (text: string, samples: number) =>
  Buffer.concat([Buffer.from(text, 'utf8')], 2 * samples);
