/**
 * A NaN, an infinity, a value at a rail or beyond all reason, or a gap, anywhere: ten seconds later every stage says what it
 * would have said without. What a stage learns of the patient over half a minute (the level that beats are drawn to, the
 * beats before) may have moved a little; it may not be broken.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignalStages } from '@rhythmd/daemon/signal-stages.ts';
import { CHANNEL_LAYOUTS, type ChannelLayout } from '@rhythmd/ecg/beat/beat-builder.ts';
import { RhythmMonitor } from '@rhythmd/ecg/rhythm/monitor.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { SyntheticPatient } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { LEAD_OFF_FLAGS, PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';

const SECONDS = 60;
const RATES_HZ = [360, 250, 257];
const CHUNK = 36;
const PLANE = 36 * 36;
const CASES = 12;
const LENGTHS_S = [0, 0.05, 0.3, 1, 3];
/** A peak may move by one sample: the lead that shows it most clearly is another one for a while. */
const JITTER = 1;

interface Disturbance {
  readonly name: string;
  /** What the samples become; null: they are lost, and the source says so. */
  readonly value: ((i: number) => number) | null;
  readonly flags?: number;
}

const DISTURBANCES: readonly Disturbance[] = [
  { name: 'NaN', value: () => Number.NaN },
  { name: 'infinity', value: (i) => (i % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY) },
  { name: 'the upper rail', value: () => 400 },
  { name: 'the lower rail', value: () => -400 },
  { name: 'from rail to rail', value: (i) => (i % 2 === 0 ? 5 : -5) },
  { name: 'beyond all reason', value: () => 3e38 },
  { name: 'a gap', value: null },
  { name: 'no contact', value: () => 0, flags: LEAD_OFF_FLAGS },
];

interface Heard {
  readonly peaks: number[];
  readonly beats: Map<number, Float32Array>;
  readonly windows: Map<number, Float32Array>;
  readonly qualities: { sample: number; text: string }[];
  /** Starts only: what the disturbance began may end later. */
  readonly alerts: { sample: number; text: string }[];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly disturbance: Disturbance;
}

function hear(leads: readonly Float32Array[], rateHz: number, channels: ChannelLayout, stretch?: Stretch) {
  const heard: Heard = { peaks: [], beats: new Map(), windows: new Map(), qualities: [], alerts: [] };
  const monitor = new RhythmMonitor({
    rateHz: PIPELINE_RATE_HZ,
    leadNames: ['I', 'II'],
    settings: rhythmSettings({}),
    onAlert: ({ sample, kind, phase }) => {
      if (phase === 'start') heard.alerts.push({ sample, text: kind });
    },
  });
  const options = {
    rateHz,
    leads: leads.length,
    analysedLead: 0,
    channels,
    normalisation: 'running',
  } as const;
  const stages = new SignalStages(options, {
    samples: (samples) => monitor.pushSamples(samples),
    quality: (change) => {
      heard.qualities.push({ sample: change.sample, text: `${change.lead} ${change.quality}` });
      monitor.pushQuality(change);
    },
    peak: (peak, doubt) => {
      heard.peaks.push(peak.sample);
      monitor.pushPeak(peak, doubt);
    },
    beat: ({ sample, image }) => {
      heard.beats.set(sample, image.slice());
      monitor.pushBeat({ id: String(sample), sample, label: 'N' });
    },
    rhythmWindow: (sample, window) => heard.windows.set(sample, window.slice()),
  });
  let lost = 0;
  for (let first = 0; first < leads[0]!.length; ) {
    const inside = stretch !== undefined && first >= stretch.from && first < stretch.to;
    if (inside && stretch.disturbance.value === null) {
      lost = stretch.to - first;
      first = stretch.to;
      continue;
    }
    const next =
      stretch === undefined || first >= stretch.to ? leads[0]!.length : inside ? stretch.to : stretch.from;
    const count = Math.min(CHUNK, next - first);
    const cut = leads.map((lead) => lead.subarray(first, first + count));
    stages.push({
      first,
      rateHz,
      leads: cut,
      count,
      flags: inside ? (stretch.disturbance.flags ?? 0) : 0,
      lost,
    });
    lost = 0;
    first += count;
  }
  stages.flush();
  return heard;
}

function patient(rateHz: number): Float32Array[] {
  const leads = [new Float32Array(SECONDS * rateHz), new Float32Array(SECONDS * rateHz)];
  new SyntheticPatient({ seed: 7, rateHz }).read(leads, SECONDS * rateHz);
  return leads;
}

const later = <T extends { sample: number; text: string }>(list: readonly T[], from: number) =>
  list.filter(({ sample }) => sample >= from).map(({ sample, text }) => `${sample} ${text}`);

/** Of the plane that shows the beat itself: its shape is the same, and drawn to nearly the same scale. */
function assertAlike(image: Float32Array, other: Float32Array, what: string): void {
  assert.ok(other.every(Number.isFinite), `${what}: all values are numbers`);
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < PLANE; i++) {
    xx += image[i]! ** 2;
    xy += image[i]! * other[i]!;
    yy += other[i]! ** 2;
  }
  assert.ok(xy / Math.sqrt(xx * yy) > 0.98, `${what}: the shape, ${xy / Math.sqrt(xx * yy)}`);
  const scale = Math.sqrt(yy / xx);
  assert.ok(scale > 0.6 && scale < 1.6, `${what}: the scale, ${scale}`);
}

for (const disturbance of DISTURBANCES) {
  test(`${disturbance.name}: ten seconds later nothing is different`, () => {
    const random = new SeededRandom(11);
    const below = (limit: number) => Math.floor(random.uniform() * limit);
    for (let i = 0; i < CASES; i++) {
      const rateHz = RATES_HZ[i % RATES_HZ.length]!;
      const channels = CHANNEL_LAYOUTS[below(CHANNEL_LAYOUTS.length)]!;
      const leads = patient(rateHz);
      const expected = hear(leads, rateHz, channels);
      const length = Math.max(1, Math.round(LENGTHS_S[below(LENGTHS_S.length)]! * rateHz));
      const from = below((SECONDS - 20) * rateHz);
      const stretch = { from, to: from + length, disturbance };
      const struck = below(3);
      for (const [lead, values] of leads.entries()) {
        if (struck !== 2 && lead !== struck) continue;
        for (let at = 0; at < length; at++) values[from + at] = disturbance.value?.(at) ?? 0;
      }
      const heard = hear(leads, rateHz, channels, stretch);
      const what = `${channels}, ${rateHz} Hz, ${length} samples from ${from}, ${struck === 2 ? 'both leads' : `lead ${struck}`}`;
      const since = Math.ceil(((from + length) / rateHz + 10) * PIPELINE_RATE_HZ);
      const peaks = expected.peaks.filter((sample) => sample >= since + JITTER);
      const near = peaks.map((sample) => heard.peaks.find((peak) => Math.abs(peak - sample) <= JITTER));
      assert.ok(peaks.length > 5 && !near.includes(undefined), `${what}: every peak is found`);
      const isAdded = (peak: number) => !expected.peaks.some((sample) => Math.abs(sample - peak) <= JITTER);
      assert.deepEqual(
        heard.peaks.filter((peak) => peak >= since && isAdded(peak)),
        [],
        `${what}: no other`,
      );
      assert.deepEqual(later(heard.qualities, since), later(expected.qualities, since), `${what}: quality`);
      assert.deepEqual(later(heard.alerts, since), later(expected.alerts, since), `${what}: alerts`);
      for (const [sample, window] of expected.windows) {
        if (sample < since) continue;
        const other = heard.windows.get(sample);
        assert.ok(
          other?.every((value, k) => Math.abs(value - window[k]!) < 1e-4),
          `${what}: window ${sample}`,
        );
      }
      for (const [sample, image] of expected.beats) {
        if (sample < since + JITTER) continue;
        const other = [0, -1, 1].map((by) => heard.beats.get(sample + by)).find((beat) => beat !== undefined);
        assert.ok(other, `${what}: a beat at ${sample}`);
        assertAlike(image, other, `${what}, beat ${sample}`);
      }
    }
  });
}
