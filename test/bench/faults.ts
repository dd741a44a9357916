/** One hour of record 208 at twenty times life with every fault: does the daemon live, and does it tell the truth? */
import { fileURLToPath } from 'node:url';
import { openSource } from '@rhythmd/daemon/source/open-source.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { PIPELINE_RATE_HZ, type Samples } from '@rhythmd/ecg/types.ts';
import { readFaultScript } from '@rhythmd/firmware-sim/faults/script.ts';
import { freePort } from '../support/mosquitto.ts';
import { startSimulator } from '../support/simulator.ts';
import { until } from '../support/until.ts';
import { HeardDaemon } from './boards/heard-daemon.ts';
import type { BenchTopic } from './topic.ts';

const SCRIPT = fileURLToPath(new URL('boards/every-fault.toml', import.meta.url));
const RECORD = '208';
const SECONDS = 3600;
const SPEED = 20;
/** Outages, as opposed to single frames lost to damaged bytes. */
const OUTAGE = PIPELINE_RATE_HZ;
const TARGET_SHARE = 0.1;
/** The daemon's index may differ from the simulator's by what gaps were measured wrong; edges settle. */
const EDGE_S = 3;
const MEMORY_GROWTH = 1.15;

interface Gap {
  readonly trueSamples: number;
  readonly reportedSamples: number;
  readonly error: number;
}

export const topic: BenchTopic = {
  summary: `${SECONDS} s of record ${RECORD} at ${SPEED} times life with every fault of the simulator`,
  async run(args, progress) {
    const seconds = Number(args[0] ?? SECONDS);
    const port = await freePort();
    const url = `tcp://127.0.0.1:${port}?speed=${SPEED}`;
    const heard = await HeardDaemon.start({ RHYTHMD_SOURCE_URL: url, RHYTHMD_SOURCE_BOARD: 'native' });
    const words = ['play', RECORD, '--to', `tcp:127.0.0.1:${port}`, '--speed', String(SPEED)];
    const simulator = await startSimulator([
      ...words,
      '--loop',
      '--duration',
      String(seconds),
      '--faults',
      SCRIPT,
      '--report',
    ]);
    const truth: number[] = [];
    let rest = '';
    simulator.process.stdout.on('data', (text) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const samples = Number(/^gap from \d+ of (\d+) samples$/.exec(line)?.[1] ?? 0);
        if (samples >= OUTAGE) truth.push(samples);
      }
    });
    await heard.daemon.said(/Receiving samples/);
    // A second listener sees each gap alone; health only tells their sum. It is back first after an outage.
    const reported: number[] = [];
    const observer = openSource(url, { board: 'native', backoff: { firstMs: 30, ceilingMs: 30 } });
    await observer.start({
      description: () => {},
      samples: ({ lost }: Samples) => {
        if (lost >= OUTAGE / 2) reported.push(lost);
      },
      status: () => {},
      end: () => {},
    });
    const started = performance.now();
    const ticker = setInterval(() => {
      const { rss_mb, gaps } = heard.health.at(-1) ?? { rss_mb: null, gaps: 0 };
      const streamS = Math.round(((performance.now() - started) / 1000) * SPEED);
      progress(`${streamS} s: ${heard.beats.length} beats, ${gaps} gaps, ${Math.round(rss_mb ?? 0)} MB`);
    }, 30_000);
    try {
      await until(
        () => simulator.process.exitCode !== null,
        'the end of the record',
        (2000 * seconds) / SPEED + 60_000,
      );
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return judge(heard, truth, reported, seconds);
    } finally {
      clearInterval(ticker);
      await observer.stop();
      await simulator.stop();
      await heard.stop();
    }
  },
};

function judge(heard: HeardDaemon, truth: readonly number[], reported: readonly number[], seconds: number) {
  const alive = heard.daemon.process.exitCode === null;
  const lastBeatS = (heard.beats.at(-1)?.sample ?? 0) / PIPELINE_RATE_HZ;
  const gaps = truth.map((trueSamples, i): Gap => {
    const reportedSamples = reported[i] ?? 0;
    return { trueSamples, reportedSamples, error: reportedSamples / trueSamples - 1 };
  });
  const worst = Math.max(0, ...gaps.map(({ error }) => Math.abs(error)));
  const inLeadOff = beatsInLeadOff(heard, seconds);
  const memory = heard.health.map(({ rss_mb }) => rss_mb ?? 0);
  const early = memory[Math.floor(memory.length / 3)] ?? 0;
  const late = memory.at(-1) ?? 0;
  const json = {
    record: RECORD,
    seconds,
    alive,
    last_beat_s: lastBeatS,
    beats: heard.beats.length,
    outages: gaps,
    outages_reported: reported.length,
    worst_gap_error: worst,
    beats_in_lead_off: inLeadOff,
    rss_mb: { at_a_third: early, at_the_end: late, most: Math.max(...memory) },
    source: heard.health.at(-1)?.source,
  };
  const good =
    alive &&
    lastBeatS > seconds - 60 &&
    gaps.length > 0 &&
    reported.length === gaps.length &&
    worst <= TARGET_SHARE &&
    inLeadOff === 0 &&
    late <= MEMORY_GROWTH * early;
  if (!good)
    throw new RhythmdError('E_BENCH_TARGET', `the daemon misses its target: ${JSON.stringify(json)}`);
  return {
    json,
    tables: [
      {
        title: `Faults: ${seconds} s of record ${RECORD} at ${SPEED} times life`,
        columns: ['measured', 'value', 'must be'],
        rows: [
          ['daemon alive at the end', String(alive), 'true'],
          ['beats published', heard.beats.length, null],
          ['outages: true / reported', `${gaps.length} / ${reported.length}`, 'equal'],
          ['worst error of a reported length, %', (100 * worst).toFixed(1), 10],
          ['beats inside lead-off', inLeadOff, 0],
          ['RSS at a third / at the end, MB', `${early.toFixed(0)} / ${late.toFixed(0)}`, 'flat'],
        ],
        note: 'Faults: test/bench/boards/every-fault.toml. Lengths of gaps as a second listener on the same stream reports them.',
      },
    ],
  };
}

function beatsInLeadOff(heard: HeardDaemon, seconds: number): number {
  const fault = readFaultScript(SCRIPT).find(({ kind }) => kind === 'lead-off')!;
  let count = 0;
  for (let at = fault.atS; at < seconds; at += fault.everyS ?? Number.POSITIVE_INFINITY) {
    const from = (at + EDGE_S) * PIPELINE_RATE_HZ;
    const to = (at + fault.forS - EDGE_S) * PIPELINE_RATE_HZ;
    count += heard.beats.filter(({ sample }) => sample >= from && sample < to).length;
  }
  return count;
}
