/** What the daemon takes and how fast it is: analysis, inference, delays, start-up, memory. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';
import { findRecord } from '@rhythmd/records/folders.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { repositoryRoot } from '../support/needs.ts';
import { inferenceTimes } from './daemon/inference.ts';
import { analysisSpeed, signalDelays } from './daemon/stages.ts';
import { type StartUp, startUp } from './daemon/start-up.ts';
import { NODE_OPTIONS } from './device/started.ts';
import type { BenchTopic, ResultTable } from './topic.ts';

/** A regular rhythm, one full of ventricular beats, and one with both in turns. */
const RECORDS = ['100', '208', '233'] as const;

const SOURCES = ['--import', 'tsx', 'daemon/main.ts', 'run'];
const BUNDLE = ['dist/rhythmd.js', 'run'];

export const topic: BenchTopic = {
  summary: 'analysis speed, inference time, delays, start-up and memory of the daemon',
  async run(_args, progress) {
    const classifier = await openModel(join(repositoryRoot, 'models/beatnet2'), 'auto');
    const analysis = [];
    const delays = { peakMs: [] as number[], beatMs: [] as number[] };
    for (const name of RECORDS) {
      progress(`record ${name}`);
      const record = readRecord(name);
      const stages = await analysisSpeed(record.name, null);
      const whole = await analysisSpeed(record.name, classifier);
      analysis.push({
        record: name,
        beats: whole.beats,
        stages: stages.timesRealTime,
        whole: whole.timesRealTime,
      });
      const { peakMs, beatMs } = signalDelays(record, classifier);
      delays.peakMs.push(...peakMs);
      delays.beatMs.push(...beatMs);
    }
    progress('inference');
    const inference = percentiles(await inferenceTimes(classifier));
    await classifier.close();
    progress('start-up');
    execFileSync(process.execPath, ['--import', 'tsx', 'daemon/build.ts'], {
      cwd: repositoryRoot,
      stdio: 'pipe',
    });
    const played = findRecord(RECORDS[1])!;
    const starts = {
      checkout: await startUp(SOURCES, played),
      bundle: await startUp(BUNDLE, played),
      device: await startUp([...NODE_OPTIONS, ...BUNDLE], played),
    };
    const peak = percentiles(delays.peakMs);
    const beat = percentiles(delays.beatMs);
    return {
      tables: [speedTable(analysis, inference), delayTable(peak, beat), startTable(starts)],
      json: { analysis, inferenceMs: inference, peakDelayMs: peak, verdictDelayMs: beat, startUp: starts },
    };
  },
};

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

function percentiles(values: number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function speedTable(
  analysis: readonly { record: string; beats: number; stages: number; whole: number }[],
  inference: Percentiles,
): ResultTable {
  const rows = analysis.map(({ record, beats, stages, whole }) => [
    `analysis of record ${record} (${beats} beats), one core`,
    `${Math.round(whole)} times real time`,
    `${Math.round(stages)} times without the model`,
  ]);
  const { p50, p95, p99 } = inference;
  return {
    title: 'Speed',
    columns: ['what', 'figure', 'besides'],
    rows: [
      ...rows,
      [
        'one verdict, one thread',
        `${p50.toFixed(2)} ms median`,
        `95 % ${p95.toFixed(2)}, 99 % ${p99.toFixed(2)} ms`,
      ],
    ],
  };
}

function delayTable(peak: Percentiles, beat: Percentiles): ResultTable {
  const row = (name: string, { p50, p95, p99 }: Percentiles) => [name, ...[p50, p95, p99].map(Math.round)];
  return {
    title: 'Delay from the R wave, ms of signal',
    columns: ['to', 'median', '95 %', '99 %'],
    rows: [row('the peak event', peak), row('the verdict (the next peak is known, or 1.8 s)', beat)],
    note: `Records ${RECORDS.join(', ')}, samples arriving by nines (25 ms). Computing adds the verdict's time above.`,
  };
}

function startTable(starts: Readonly<Record<string, StartUp>>): ResultTable {
  return {
    title: 'Start-up and memory',
    columns: ['program', 'page served after', 'first beat after', 'RSS after 60 beats'],
    rows: Object.entries(starts).map(([name, { pageMs, firstBeatMs, rssMb }]) => [
      name,
      `${(pageMs / 1000).toFixed(1)} s`,
      `${(firstBeatMs / 1000).toFixed(1)} s`,
      `${Math.round(rssMb)} MB`,
    ]),
    note:
      "checkout: npm start's sources; bundle: dist/rhythmd.js; device: the bundle with the systemd unit's heap limits. " +
      'Record 208 at four times life, page, embedded broker and one subscriber.',
  };
}
