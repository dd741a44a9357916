/** Kills a recorder's process (SIGKILL) at random moments and looks at what is on disk. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { BEAT_EVERY, HOUR_START_MS } from './recording.ts';
import { until } from './until.ts';

export interface Kill {
  /** Of signal fed to the recorder and not on disk: how long before the kill it was fed. */
  readonly lossMs: number;
  /** The same of the first beat that is not on disk. */
  readonly beatLossMs: number;
  readonly samples: number;
  /** Of this run: more than one when an hour ended. */
  readonly recordings: number;
  /** What should not be; empty when all is well. */
  readonly problems: readonly string[];
}

const PROGRAM = fileURLToPath(new URL('recorder-process.ts', import.meta.url));
/** So that hours end while somebody waits; at more, a machine that is busy for a second loses minutes of signal. */
const SPEED = 20;
const DAY_MS = 86_400_000;
/** Of the kills one in so many waits for the recording of the next hour, which a starved machine begins late. */
const SECOND_HOUR_EVERY = 4;
/** A beat is told half a second of signal after its sample. */
const BEAT_KNOWN_AFTER = BEAT_EVERY / 2;

/** @param parallel so many processes at once, each in a folder of its own that it is started in again and again */
export async function killRecorders(kills: number, parallel: number, seed: number): Promise<Kill[]> {
  const random = new SeededRandom(seed);
  const results: Kill[] = [];
  let left = kills;
  const work = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-kill-'));
    try {
      for (let run = 0; left > 0; run++) {
        left--;
        // The hour ends somewhere in the two seconds after the start.
        const startMs = HOUR_START_MS + (run + 1) * DAY_MS - 1000 * SPEED * 2 * random.uniform();
        const fed = Math.round(360 * SPEED * (0.05 + 2 * random.uniform()));
        const recordings = run % SECOND_HOUR_EVERY === 0 ? 2 : 0;
        const moment = { fed, recordings, ms: 20 * random.uniform() };
        results.push(await killOnce(folder, startMs, moment));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return results;
}

/** So long after so many samples, however long the machine takes to feed them. */
interface Moment {
  readonly fed: number;
  readonly ms: number;
  /** Not before that many recordings have begun. */
  readonly recordings: number;
}

async function killOnce(folder: string, startMs: number, moment: Moment): Promise<Kill> {
  const before = new Set(recordingsIn(folder));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', PROGRAM, folder, String(startMs), String(SPEED)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const begun = (): number => recordingsIn(folder).filter((name) => !before.has(name)).length;
  await until(
    () => (fedBy(output) >= moment.fed && begun() >= moment.recordings) || child.exitCode !== null,
    () => `${moment.fed} samples, of ${fedBy(output)}: ${complaints}`,
  );
  await new Promise((resolve) => setTimeout(resolve, moment.ms));
  child.kill('SIGKILL');
  const killedMs = Date.now();
  await once(child, 'close');
  const progress = output
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').map(Number) as [fed: number, ms: number, lost: number]);
  // On a starved machine the recorder may have had to drop samples, and counted them: then places are not compared.
  const hasLost = (progress.at(-1)?.[2] ?? 0) > 0;
  const problems = complaints === '' ? [] : [complaints.trim()];
  const names = recordingsIn(folder).filter((name) => !before.has(name));
  let samples = 0;
  const beats: number[] = [];
  for (const name of names) {
    try {
      samples += check(join(folder, name), samples, beats, hasLost ? [] : problems);
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const missingSince = (fed: number) => {
    const missing = progress.find(([done]) => done >= fed);
    return missing ? Math.max(0, killedMs - missing[1]) : 0;
  };
  const nextBeat = (beats.at(-1) ?? -BEAT_KNOWN_AFTER) + BEAT_EVERY;
  return {
    lossMs: missingSince(samples + 1),
    beatLossMs: missingSince(nextBeat + BEAT_KNOWN_AFTER),
    samples,
    recordings: names.length,
    problems,
  };
}

/** As the last whole line says. */
function fedBy(output: string): number {
  const end = output.lastIndexOf('\n');
  return Number.parseInt(output.slice(output.lastIndexOf('\n', end - 1) + 1), 10) || 0;
}

/** @returns the recording's samples; the first must be the stream's `first`. Its beats are added to `allBeats`. */
function check(path: string, first: number, allBeats: number[], problems: string[]): number {
  const { adc, sampleCount } = readRecord(path, undefined, (warning) => problems.push(warning)); // compares the checksums
  for (let i = 0; i < sampleCount; i++) {
    const expected = ((first + i) % 1000) - 500;
    if (adc[0]?.[i] === expected && adc[1]?.[i] === -expected) continue;
    problems.push(`${path}: sample ${i} is ${adc[0]?.[i]}, not ${expected}`);
    break;
  }
  const annotations = readAnnotations(path, 'atr');
  if (annotations.some(({ sample }, i) => sample < (annotations[i - 1]?.sample ?? 0))) {
    problems.push(`${path}: annotations out of order`);
  }
  const beats = annotations
    .filter(({ code }) => code === AnnotationCode.normal)
    .map(({ sample }) => first + sample);
  const previous = allBeats.at(-1) ?? BEAT_KNOWN_AFTER - BEAT_EVERY;
  if (beats.some((sample, i) => sample !== (beats[i - 1] ?? previous) + BEAT_EVERY)) {
    problems.push(`${path}: beats missing or twice: ${beats.join(' ')}`);
  }
  allBeats.push(...beats);
  return sampleCount;
}

function recordingsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.hea'))
    .map((name) => name.slice(0, -'.hea'.length))
    .sort();
}
