/**
 * `npm run bench -- long-record [HOURS]`: a day of twelve leads at 500 Hz as EDF+, written and analysed by the command line,
 * and 36 hours of one lead: the memory that each needs, and whether progress is shown. How fast is no figure of this.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { writeLongRecord } from '@rhythmd/records/write-record.ts';
import { repositoryRoot } from '../support/needs.ts';
import type { BenchTopic } from './topic.ts';

const HOURS = 24;
const LEADS = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const MOST_MB = 300;
const BLOCK_S = 600;
/** Adc units a millivolt. */
const GAIN = 1000;

interface Step {
  readonly what: string;
  readonly maxMb: number;
  readonly progressLines: number;
  readonly lastLine: string;
  readonly fileMb: number | null;
}

export const topic: BenchTopic = {
  summary: 'a day of twelve leads as EDF+, written and analysed: memory and progress',
  async run(args, progress) {
    const hours = Number(args[0] ?? HOURS);
    if (!(hours > 0)) throw new RhythmdError('E_USAGE', 'long-record [HOURS]');
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-long-'));
    const steps: Step[] = [];
    try {
      for (const [name, leads, rateHz, lengthH] of [
        ['day', LEADS, 500, hours],
        ['holter', LEADS.slice(1, 2), 50, 1.5 * hours],
      ] as const) {
        const path = join(folder, name);
        makeRecord(path, leads, rateHz, lengthH * 3600);
        const edf = join(folder, `${name}.edf`);
        const what = `${lengthH} h, ${leads.length} leads, ${rateHz} Hz`;
        steps.push(
          await measure(`export as EDF+: ${what}`, ['export', path, '--format', 'edf', '--out', edf], edf),
        );
        rmSync(`${path}.dat`);
        progress(`${steps.at(-1)!.what}: ${steps.at(-1)!.maxMb} MB`);
        if (name !== 'day') continue;
        steps.push(await measure(`analyze the EDF+: ${what}`, ['analyze', edf, '--out', folder], null));
        progress(`${steps.at(-1)!.what}: ${steps.at(-1)!.maxMb} MB, ${steps.at(-1)!.lastLine}`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    const large = steps.find(({ maxMb }) => maxMb > MOST_MB);
    if (large !== undefined) throw new RhythmdError('E_BENCH_TARGET', `${large.what}: ${large.maxMb} MB`);
    return {
      tables: [
        {
          title: 'Long records',
          columns: ['step', 'RSS at most, MB', 'file, MB', 'progress lines', 'it ends with'],
          rows: steps.map((s) => [s.what, s.maxMb, s.fileMb, s.progressLines, s.lastLine]),
          note: 'From the sources with tsx, which takes some 50 MB more than the bundle.',
        },
      ],
      json: { steps },
    };
  },
};

/** Ten minutes of a made-up patient, again and again. */
function makeRecord(path: string, leads: readonly string[], rateHz: number, lengthS: number): void {
  const { leads: made } = makeSyntheticRecord({ rateHz, seed: 1 }, BLOCK_S);
  const adc = leads.map((_, index) =>
    Int16Array.from(made[index % made.length]!, (value) => Math.round(value * GAIN * (1 - index / 24))),
  );
  writeLongRecord(path, {
    rateHz,
    format: 16,
    signals: leads.map((name) => ({ name, gain: GAIN, baseline: 0 })),
    blocks: (function* () {
      for (let doneS = 0; doneS < lengthS; doneS += BLOCK_S) {
        const count = Math.min(BLOCK_S, lengthS - doneS) * rateHz;
        yield adc.map((values) => values.subarray(0, count));
      }
    })(),
  });
}

async function measure(what: string, words: string[], file: string | null): Promise<Step> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(repositoryRoot, 'daemon/main.ts'), ...words],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    err += bytes;
  });
  let maxMb = 0;
  const timer = setInterval(() => {
    try {
      const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      maxMb = Math.max(maxMb, Number(peak ?? 0) / 1024);
    } catch {
      // It ended between two looks.
    }
  }, 200);
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (status !== 0) throw new RhythmdError('E_BENCH_TARGET', `${what} ended with ${status}: ${err}`);
  return {
    what,
    maxMb: Math.round(maxMb),
    progressLines: err.split(/[\r\n]/).filter((line) => /\d/.test(line)).length,
    lastLine: (out.trim().split('\n').at(-1) ?? '')
      .replace(/; \d+x real time/, '')
      .replaceAll(`${tmpdir()}/`, ''),
    fileMb: file === null ? null : Math.round(statSync(file).size / 1e6),
  };
}
