/** Records of every container that is read, from files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatAnnotations, parseAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { formatHeader, parseHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { runCommand } from '../../../support/command.ts';
import { writeSmallRecord } from '../../../support/piece.ts';
import { bytesOf, type FuzzTarget, refusing, textOf } from '../target.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rhythmd-fuzz-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const small = writeSmallRecord();

async function exported(format: string): Promise<Uint8Array> {
  const path = join(scratch, `seed.${format}`);
  await runCommand(['export', small, '--format', format, '--out', path]);
  return readFileSync(path);
}
const edf = (await exported('edf')).subarray(0, 6000);
const csv = (await exported('csv')).subarray(0, 2000);

/** 522 bytes of header, 16-bit samples (ISHNE 1.0). */
function ishne(): Uint8Array {
  const bytes = Buffer.alloc(522 + 40);
  bytes.write('ISHNE1.0', 0, 'latin1');
  bytes.writeUInt32LE(0, 10);
  bytes.writeUInt32LE(20, 14);
  bytes.writeUInt32LE(522, 18);
  bytes.writeUInt32LE(522, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(1, 156);
  bytes.writeUInt16LE(1000, 206);
  bytes.writeUInt16LE(200, 272);
  return bytes;
}

/** 600 samples in frames of 192, by the reference encoder (`flac -8 -b 192`). */
const SMALL_FLAC = Buffer.from(
  'ZkxhQwAAACIAwADAAAAXAAB+ABaA8AAAAlilfMbes30OlllszH9dhIRDhAAAKCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMiAy' +
    'MDIyMTAyMgAAAAD/+B4IAAAkGEIAAAALYr/CIBkylgViqqg7ykkZIokkJCEiIkRRJJoESJIoYkJqMAnDEIT71++RFjPFSU/3PIxd' +
    'LBADQEhwl7UqSlCgpIoiISEhIkiSiWgKbI0UFVdlDJhkkJFIhESESIghhJlJQ7g0Yo8u//geCAEAJHNCAD0AM2K/whlvrrJptE0R' +
    'GEBABnwvRRNRzMbkvXiIsZYpyl+aJHLpZIzgvJ6QhAsVVjsuTJFIokiEhEhIkSiSgP+xRjHEsVylFEoiiQhIiIgJCYSUKdLoxXgY' +
    'CCho6kvu5PNByMTgvXmIkZooyj+aRILpaGF7//geCAIAJM5CABT/2mK/wiGAwOIZnZWUEJM8sNio0YRLLMxKRKFIREJEREkSiQHK' +
    'e4KLFbQlyZMIpEohISEiRMmjRjBADPhdSiZjkYm9fvcRYzxUsGl9xEo8HAlMXq9UjAQzIZCSKQiIiJCSAJhJz60///huCAMXACQT' +
    'FABcAF8AIqorG2XJjHw=',
  'base64',
);

const MOST_SAMPLES = 4096;

/** The first and the last stretch, whatever it says it holds. */
function readThrough(path: string): void {
  const record = openRecord(path, {});
  try {
    if (!(record.rateHz > 0) || !(record.sampleCount >= 0))
      throw new Error(`${record.rateHz} Hz, ${record.sampleCount} samples`);
    for (const first of [0, Math.max(0, record.sampleCount - 100)]) {
      const leads = record.read(first, Math.min(MOST_SAMPLES, record.sampleCount - first));
      if (leads.length !== record.header.signals.length) throw new Error('a signal is missing');
    }
  } finally {
    record.close();
  }
}

function container(
  name: string,
  extension: string,
  seeds: () => Uint8Array[],
  words: readonly string[],
): FuzzTarget {
  return {
    name,
    seeds,
    words,
    run: (input) => {
      const path = join(scratch, `record.${extension}`);
      writeFileSync(path, input);
      return refusing(() => readThrough(path));
    },
  };
}

export const RECORD_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'wfdb-header',
    seeds: () => [
      readFileSync(`${small}.hea`),
      bytesOf('r/2 1 360 2000\nseg1 1000\n~ 1000\n'),
      bytesOf('r 1 250/1(0) 0 10:00 1/1/2001\nr.dat 212x2:1+24 1e3(0)/uV 12 0 0 0 0 II\n'),
    ],
    words: ['212', '310', '508', '16+512', '/mV', '(0)', '~ 99', '-1'],
    run: (input) =>
      refusing(() => {
        const header = parseHeader(textOf(input), 'fuzzed.hea');
        parseHeader(formatHeader(header), 'fuzzed.hea');
      }),
  },
  {
    name: 'wfdb-annotations',
    seeds: () => [readFileSync(`${small}.atr`)],
    run: (input) => refusing(() => formatAnnotations(parseAnnotations(input, 'fuzzed.atr'))),
  },
  {
    name: 'wfdb-signals',
    seeds: () => [
      readFileSync(`${small}.hea`),
      bytesOf('fuzzed 1 250 9\nfuzzed.dat 212 200 12 0 0 0 0 II\n'),
    ],
    words: ['80', '212', '310', '311', '24', '32', '61', '160', '8', '516', 'x4', '+1000000'],
    run: (input) => {
      writeFileSync(
        join(scratch, 'fuzzed.hea'),
        Buffer.from(input).toString('latin1').replaceAll('small.dat', 'fuzzed.dat'),
        'latin1',
      );
      writeFileSync(join(scratch, 'fuzzed.dat'), input);
      return refusing(() => readThrough(join(scratch, 'fuzzed')));
    },
  },
  {
    name: 'wfdb-flac',
    seeds: () => [SMALL_FLAC],
    run: (input) => {
      writeFileSync(join(scratch, 'packed.hea'), 'packed 1 360\npacked.dat 516 200 16 0 0 0 0 II\n');
      writeFileSync(join(scratch, 'packed.dat'), input);
      return refusing(() => readThrough(join(scratch, 'packed')));
    },
  },
  container('edf', 'edf', () => [edf], [
    '0       ',
    'EDF+C',
    'EDF+D',
    'EDF Annotations ',
    '-1      ',
    '99999999',
  ]),
  container('bdf', 'bdf', () => [Uint8Array.from([255, ...bytesOf('BIOSEMI'), ...edf.subarray(8)])], [
    'BDF+C',
    '24BIT',
  ]),
  container('csv', 'csv', () => [csv, bytesOf('time,II\n0.000,0.1\n0.004,0.2\n0.008,0.3\n')], [
    'time_s,',
    ';',
    '\t',
    '1e400',
    ',,',
    '"',
  ]),
  container('ishne', 'ecg', () => [ishne()], ['ISHNE1.0', 'ANN  1.0']),
];
