/** A hundred kills of a recorder, and what recording costs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Recorder } from '@rhythmd/daemon/sink/recorder.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { killRecorders } from '../support/recorder-kills.ts';
import { describeStream, HOUR_START_MS, ramp } from '../support/recording.ts';
import type { BenchTopic } from './topic.ts';

const KILLS = 100;
/** One at a time beside the one that looks: a busy machine would be measured instead. */
const PARALLEL = 2;
/** What the interface promises. */
const MAX_LOSS_MS = 1000;
const RATE_HZ = 360;

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
    progress('an hour of two leads at full speed');
    const cost = await measureCost();
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
        ],
        note: 'Each write waits for the disk (recorder.sync); signal runs at 60 times real time, so that hours end too.',
      },
    ];
    if (problems.length > 0 || (losses.at(-1) ?? 0) > MAX_LOSS_MS || (beatLosses.at(-1) ?? 0) > MAX_LOSS_MS) {
      throw new RhythmdError('E_BENCH_TARGET', `the recorder misses its target: ${JSON.stringify(json)}`);
    }
    return { tables, json };
  },
};

async function measureCost(): Promise<{ megabytes_per_day: number; times_real_time: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-recorder-bench-'));
  const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
  const recorder = new Recorder({
    folder,
    minFreeBytes: 0,
    maxBytes: Number.POSITIVE_INFINITY,
    sync: true,
    origin: 'a benchmark',
    analysedLead: 0,
    log: quiet,
    monotonicMs: () => performance.now(),
  });
  try {
    await recorder.start();
    recorder.stream(describeStream());
    const piece = ramp(0, RATE_HZ);
    const began = performance.now();
    for (let second = 0; second < 3600; second++) {
      recorder.received({ ...piece, first: second * RATE_HZ }, HOUR_START_MS + second * 1000);
      // As often as a live recorder would: each 600 ms of signal is one write.
      if (second % 20 === 0) await recorder.flush();
    }
    await recorder.flush();
    const elapsedS = (performance.now() - began) / 1000;
    const { recorder_bytes = 0 } = recorder.counters();
    return { megabytes_per_day: (recorder_bytes * 24) / 1e6, times_real_time: 3600 / elapsedS };
  } finally {
    await recorder.stop();
    rmSync(folder, { recursive: true });
  }
}
