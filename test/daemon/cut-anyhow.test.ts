/**
 * However a record is cut into blocks, and whenever the networks answer, it gives the same beats, labels and alerts, live and from
 * a file: nothing is decided by the clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RecordAnalysis } from '@rhythmd/daemon/analyze/record-analysis.ts';
import { BeatIds } from '@rhythmd/daemon/beat-ids.ts';
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';
import { openRhythmNetwork } from '@rhythmd/daemon/classify/rhythm-network.ts';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { Latency } from '@rhythmd/daemon/publish/latency.ts';
import type { Sink } from '@rhythmd/daemon/publish/sink.ts';
import { FanOut } from '@rhythmd/daemon/sink/fan-out.ts';
import { StreamSession } from '@rhythmd/daemon/stream-session.ts';
import { TimeQuality } from '@rhythmd/daemon/time/time-quality.ts';
import { WallClock } from '@rhythmd/daemon/time/wall-clock.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { SyntheticPatient } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import type { Alert } from '@rhythmd/ecg/types.ts';
import type { BeatEvent } from '@rhythmd/protocol/events.ts';
import type { RecordReader } from '@rhythmd/records/record-reader.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';

const SECONDS = 75;
/** Counts of a made-up converter, so that a file holds exactly what the line says. */
const PER_MV = 200;
const RATES_HZ = [360, 250];
const CUTTINGS = 6;
/** Less than the second after which an alarm no longer waits for an answer. */
const LONGEST_S = 0.9;
const LEAD_NAMES = ['II', 'V1'];

/** A heart with ventricular beats and a short tachycardia; both leads are lost to motion now and then. */
function patient(rateHz: number, seed: number): Int32Array[] {
  const count = SECONDS * rateHz;
  const leads = [new Float32Array(count), new Float32Array(count)];
  new SyntheticPatient({ seed, rateHz, ventricularPerMinute: 10, runProbability: 0.5 }).read(leads, count);
  const random = new SeededRandom(seed);
  for (const [lead, stretches] of [
    [0, [[41.3, 44.05]]],
    [
      1,
      [
        [0, 3.21],
        [17.17, 25.55],
        [33.33, 34.1],
        [52.07, 60.9],
      ],
    ],
  ] as const)
    for (const [from, to] of stretches)
      for (let i = Math.round(from * rateHz), drift = 0; i < to * rateHz; i++) {
        drift += (40 * random.gaussian()) / rateHz;
        leads[lead]![i]! += 3 * Math.sin((2 * Math.PI * 1.3 * i) / rateHz) + drift + 0.4 * random.gaussian();
      }
  return leads.map((lead) => Int32Array.from(lead, (value) => Math.round(PER_MV * value)));
}

interface Said {
  readonly beats: readonly string[];
  readonly alerts: readonly string[];
}

const alertText = ({ kind, phase, sample, id }: Alert): string => `${id} ${kind} ${phase} at ${sample}`;

function fileOf(adc: readonly Int32Array[], rateHz: number): RecordReader {
  return {
    name: 'cut-anyhow',
    rateHz,
    leadNames: LEAD_NAMES,
    sampleCount: adc[0]!.length,
    header: { signals: adc.map(() => ({ gain: PER_MV, baseline: 0, units: 'mV' })) },
    read: (first: number, count: number) => adc.map((lead) => lead.slice(first, first + count)),
    close: () => {},
  } as unknown as RecordReader;
}

const throws = (error: unknown): never => {
  throw error;
};

const classifier = await openModel(fromInstallation('models/beatnet2'), 'integer');
const rhythmNetwork = await openRhythmNetwork(fromInstallation('models/rhythmnet'), 'integer');
const networks = { classifier, rhythmNetwork, settings: rhythmSettings() };

async function fromFile(adc: readonly Int32Array[], rateHz: number): Promise<Said> {
  const { beats, alerts } = await new RecordAnalysis(fileOf(adc, rateHz), {
    ...networks,
    signals: [0, 1],
    onClassifierFailure: throws,
    interruption: new AbortController().signal,
  }).run();
  return {
    beats: beats.map(({ sample, rrBefore, rrAfter, label }) => `${sample} ${rrBefore} ${rrAfter} ${label}`),
    alerts: alerts.map(alertText),
  };
}

async function live(adc: readonly Int32Array[], rateHz: number, random: SeededRandom): Promise<Said> {
  const beats: string[] = [];
  const alerts: string[] = [];
  const sink: Sink = {
    name: 'keeping',
    start: async () => {},
    stop: async () => {},
    beat: ({ sample, label }: BeatEvent) => beats.push(`${sample} ${label}`),
  };
  let nowMs = 0;
  const now = () => nowMs;
  const session = new StreamSession({
    ...networks,
    description: {
      board: 'made up',
      rateHz,
      leadNames: LEAD_NAMES,
      microvoltsPerCount: [5, 5],
      firmware: null,
    },
    analysedLead: 0,
    paced: 'auto',
    lesson: () => null,
    ids: new BeatIds(''),
    sinks: new FanOut([sink], SILENT_LOGGER),
    latency: new Latency(),
    timeQuality: new TimeQuality(),
    wall: new WallClock(now, now),
    monotonicMs: now,
    replay: true,
    number: 1,
    // A file leaves open what stands at its end.
    onAlert: (alert) => {
      if (alert.text !== 'The stream ended') alerts.push(alertText(alert).replace('-1', ''));
    },
    onClassifierFailure: throws,
  });
  const leads = adc.map((lead) => Float32Array.from(lead, (value) => value / PER_MV));
  // From one sample to almost a second, short ones as often as long ones.
  for (let first = 0; first < leads[0]!.length; ) {
    const wanted = Math.max(1, Math.round((LONGEST_S * rateHz) ** random.uniform()));
    const count = Math.min(wanted, leads[0]!.length - first);
    const cut = leads.map((lead) => lead.subarray(first, first + count));
    nowMs = (1000 * (first + count)) / rateHz;
    session.push({ first, rateHz, leads: cut, count, flags: 0, lost: 0 }, nowMs);
    first += count;
    // Sometimes the networks fall behind by some blocks.
    if (count > 0.1 * rateHz || random.uniform() < 0.5)
      for (let turn = 0; turn < 40; turn++) await nextTurn();
  }
  await session.flush();
  return { beats, alerts };
}

for (const rateHz of RATES_HZ)
  test(`at ${rateHz} Hz, cut ${CUTTINGS} ways, a record says what its file says`, async () => {
    const adc = patient(rateHz, rateHz);
    const file = await fromFile(adc, rateHz);
    assert.ok(file.beats.length > 0.8 * SECONDS, `${file.beats.length} beats`);
    assert.ok(file.alerts.length > 3, file.alerts.join('; '));
    const random = new SeededRandom(rateHz);
    const short = file.beats.map((beat) => beat.replace(/ .* /, ' '));
    for (let cutting = 0; cutting < CUTTINGS; cutting++) {
      const said = await live(adc, rateHz, random);
      assert.deepEqual(said.beats, short);
      assert.deepEqual(said.alerts, file.alerts);
    }
  });
