/** A hundred kills of a recorder, and what recording costs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Recorder } from '@rhythmd/daemon/sink/recorder.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { BeatEvent } from '@rhythmd/protocol/events.ts';
import { killRecorders } from '../support/recorder-kills.ts';
import { describeStream, HOUR_START_MS, ramp } from '../support/recording.ts';
import type { BenchTopic } from './topic.ts';

const KILLS = 100;
/** One at a time beside the one that looks: a busy machine would be measured instead. */
const PARALLEL = 2;
/** What the interface promises. */
const MAX_LOSS_MS = 1000;
const RATE_HZ = 360;
const DAY_S = 86_400;
/** A live recorder writes each 0.6 s; the day would take as long. */
const SECONDS_PER_WRITE = 20;

export const topic: BenchTopic = {
  summary: `${KILLS} kills of a recorder at random moments, and what recording costs`,
  async run(args, progress) {
    const seed = Number(args[0] ?? 2026);
    progress(`killing ${KILLS} recorders, ${PARALLEL} at a time`);
    const kills = await killRecorders(KILLS, PARALLEL, seed);
    const problems = kills.flatMap((kill) => kill.problems);
    const losses = kills.map(({ lossMs }) => lossMs).sort((a, b) => a - b);
    const beatLosses = kills.map(({ beatLossMs }) => beatLossMs).sort((a, b) => a - b);
    const hoursEnded = kills.filter((kill) => kill.recordings > 1).length;
    const recordings = kills.reduce((sum, kill) => sum + kill.recordings, 0);
    progress('a day of two leads at full speed');
    const cost = await measureDay(progress);
    const json = {
      seed,
      kills: kills.length,
      kills_after_an_hour_ended: hoursEnded,
      recordings,
      problems,
      loss_ms: { median: losses[losses.length >> 1], max: losses.at(-1) },
      beat_loss_ms: { median: beatLosses[beatLosses.length >> 1], max: beatLosses.at(-1) },
      ...cost,
    };
    const tables = [
      {
        title: 'Recorder',
        columns: ['measured', 'value', 'must be'],
        rows: [
          ['kills (SIGKILL) at random moments', kills.length, KILLS],
          ['of them after an hour had ended', hoursEnded, null],
          ['recordings left, all open, checksums right', recordings, null],
          ['files damaged, samples or beats out of place', problems.length, 0],
          ['signal missing, ms before the kill: median', losses[losses.length >> 1] ?? null, null],
          ['signal missing, ms before the kill: most', losses.at(-1) ?? null, MAX_LOSS_MS],
          ['beats missing, ms before the kill: most', beatLosses.at(-1) ?? null, MAX_LOSS_MS],
          ['MB a day on disk, two leads at 360 Hz', Math.round(cost.megabytes_per_day), null],
          ['times real time it keeps up with', Math.round(cost.times_real_time), null],
          [
            'memory of the process after 3 and 24 hours, MB',
            `${cost.rss_mb[2]} / ${cost.rss_mb.at(-1)}`,
            null,
          ],
          ['memory growth, MB an hour', Number(cost.rss_growth_mb_per_hour.toFixed(2)), null],
        ],
        note: 'The disk is waited for every two seconds (recorder.sync_seconds); signal runs at 20 times real time, so that hours end too.',
      },
    ];
    if (problems.length > 0 || (losses.at(-1) ?? 0) > MAX_LOSS_MS || (beatLosses.at(-1) ?? 0) > MAX_LOSS_MS) {
      throw new RhythmdError('E_BENCH_TARGET', `the recorder misses its target: ${JSON.stringify(json)}`);
    }
    return { tables, json };
  },
};

interface Cost {
  readonly megabytes_per_day: number;
  readonly times_real_time: number;
  /** Of this process, at the end of each hour. */
  readonly rss_mb: readonly number[];
  /** Slope of a line through them from the third hour on, when everything is warm. */
  readonly rss_growth_mb_per_hour: number;
}

/** A day of two leads with a beat a second, each write waited for. */
async function measureDay(progress: (line: string) => void): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-recorder-bench-'));
  const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
  const recorder = new Recorder({
    folder,
    minFreeBytes: 0,
    maxBytes: Number.POSITIVE_INFINITY,
    sync: true,
    origin: 'a benchmark',
    log: quiet,
    monotonicMs: () => performance.now(),
  });
  const rss: number[] = [];
  try {
    await recorder.start();
    recorder.stream(describeStream());
    const piece = ramp(0, RATE_HZ);
    const began = performance.now();
    for (let second = 0; second < DAY_S; second++) {
      const first = second * RATE_HZ;
      recorder.received({ ...piece, first }, HOUR_START_MS + second * 1000);
      recorder.beat({ sample: first, code: 'N' } as BeatEvent);
      if (second % SECONDS_PER_WRITE === 0) await recorder.flush();
      if (second % 3600 === 3599) {
        rss.push(process.memoryUsage.rss() / 1e6);
        progress(`hour ${rss.length} of ${DAY_S / 3600}`);
      }
    }
    await recorder.flush();
    const elapsedS = (performance.now() - began) / 1000;
    const { recorder_bytes = 0, recorder_samples_lost = 0 } = recorder.counters();
    if (recorder_samples_lost > 0) throw new RhythmdError('E_BENCH_TARGET', 'the disk did not keep up');
    return {
      megabytes_per_day: recorder_bytes / 1e6,
      times_real_time: DAY_S / elapsedS,
      rss_mb: rss.map(Math.round),
      rss_growth_mb_per_hour: slopeOf(rss.slice(2)),
    };
  } finally {
    await recorder.stop();
    rmSync(folder, { recursive: true });
  }
}

function slopeOf(values: readonly number[]): number {
  const meanX = (values.length - 1) / 2;
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length;
  let products = 0;
  let squares = 0;
  for (const [x, y] of values.entries()) {
    products += (x - meanX) * (y - meanY);
    squares += (x - meanX) ** 2;
  }
  return products / squares;
}
