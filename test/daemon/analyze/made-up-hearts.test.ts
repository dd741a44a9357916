/** Hearts that no database has, through the daemon's stages and the shipped networks: none of them must be met with silence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ToldAlarm, toldAlarms } from '@rhythmd/daemon/analyze/told-alarms.ts';
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';
import { openRhythmNetwork } from '@rhythmd/daemon/classify/rhythm-network.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { playTimeline } from '../../bench/alerts/play.ts';
import { detectedTimeline, estimateWindows, labelByClassifier } from '../../bench/alerts/timeline.ts';
import {
  evenBeats,
  fibrillationMv,
  type MadeUpBeat,
  type MadeUpLead,
  madeUpLead,
} from '../../support/made-up-heart.ts';

interface Heard {
  readonly beats: number;
  readonly unreadableChanges: number;
  readonly withNetworks: readonly ToldAlarm[];
  readonly withoutRhythmNetwork: readonly ToldAlarm[];
}

async function heardOf(options: MadeUpLead): Promise<Heard> {
  const classifier = await openModel(fromInstallation('models/beatnet2'), 'auto');
  const rhythm = await openRhythmNetwork(fromInstallation('models/rhythmnet'), 'auto');
  try {
    const { channels } = classifier.card.input;
    const detected = detectedTimeline([madeUpLead(options)], channels, { withWindows: true });
    await estimateWindows(detected, rhythm);
    const timeline = await labelByClassifier(detected, classifier);
    const { events } = timeline;
    const told = (of: typeof timeline) =>
      toldAlarms(playTimeline(of).map((alert) => ({ ...alert, toldAt: alert.heardAt })));
    return {
      beats: events.filter((event) => 'peak' in event).length,
      unreadableChanges: events.filter(
        (event) => 'quality' in event && !['good', 'settling'].includes(event.quality.quality),
      ).length,
      withNetworks: told(timeline),
      withoutRhythmNetwork: told({ ...timeline, events: events.filter((event) => !('estimate' in event)) }),
    };
  } finally {
    await classifier.close();
    await rhythm.close();
  }
}

const highOf = (alarms: readonly ToldAlarm[]) => alarms.filter(({ priority }) => priority === 'high');
const kindsOf = (alarms: readonly ToldAlarm[]) => alarms.map(({ kind }) => kind);
/** A high alarm within ten seconds of what happens at `atS`, both with and without the rhythm network. */
function assertTold(name: string, { withNetworks, withoutRhythmNetwork }: Heard, atS: number): void {
  for (const alarms of [withNetworks, withoutRhythmNetwork]) {
    const [first] = highOf(alarms);
    assert.ok(first, `${name}: nothing of high priority`);
    assert.ok(first.told_s >= atS && first.told_s <= atS + 10, `${name}: told at ${first.told_s}`);
  }
}

test('25 to 250 a minute: beats are found, none is unreadable, and rates are told', async () => {
  for (const bpm of [25, 30, 40, 60, 100, 150, 200, 250]) {
    const beats = evenBeats(bpm, 0.5, 60, bpm > 180 ? { widthS: 0.025 } : { hasP: bpm < 120 });
    const heard = await heardOf({ seconds: 60, beats });
    assert.ok(heard.beats >= 0.9 * beats.length, `${bpm}: ${heard.beats} of ${beats.length}`);
    assert.equal(heard.unreadableChanges, 0, `${bpm}`);
    const kinds = kindsOf(heard.withNetworks);
    assert.equal(kinds.includes('bradycardia'), bpm < 50, `${bpm}: ${kinds}`);
    assert.equal(kinds.includes('tachycardia'), bpm > 120, `${bpm}: ${kinds}`);
    assert.equal(highOf(heard.withNetworks).length > 0, bpm < 30 || bpm > 180, `${bpm}: ${kinds}`);
  }
});

test('at 300 a minute beats are lost, an alarm of high priority is not', async () => {
  assertTold('300', await heardOf({ seconds: 60, beats: evenBeats(300, 0.5, 60, { widthS: 0.025 }) }), 0);
});

test('low, paced, wide and notched beats are readable and quiet', async () => {
  const hearts: Readonly<Record<string, readonly MadeUpBeat[]>> = {
    '0.1 mV': evenBeats(70, 0.5, 60, { heightMv: 0.1 }),
    paced: evenBeats(70, 0.5, 60, { spikeMv: 3, widthS: 0.09 }),
    wide: evenBeats(80, 0.5, 60, { widthS: 0.1 }),
    notched: evenBeats(80, 0.5, 60, { widthS: 0.08, isNotched: true }),
  };
  for (const [name, beats] of Object.entries(hearts)) {
    const heard = await heardOf({ seconds: 60, beats });
    assert.equal(heard.beats, beats.length, name);
    assert.equal(heard.unreadableChanges, 0, name);
    assert.deepEqual(highOf(heard.withNetworks), [], name);
  }
});

test('a heart that stops, in every way, is told', async () => {
  const until30 = evenBeats(70, 0.5, 30, { hasP: true });
  const loneP = Array.from({ length: 37 }, (_, i) => 30.4 + i * 0.8);
  const hearts: Readonly<Record<string, MadeUpLead>> = {
    'microvolts of noise': { seconds: 60, beats: until30 },
    'P waves go on': { seconds: 60, beats: until30, loneP },
    hum: { seconds: 60, beats: until30, waveform: (s) => 0.3 * Math.sin(100 * Math.PI * s) },
    wander: { seconds: 60, beats: until30, waveform: (s) => 0.5 * Math.sin(0.5 * Math.PI * s) },
    'a pacemaker that fails to capture': {
      seconds: 60,
      beats: [
        ...evenBeats(70, 0.5, 30, { spikeMv: 3, widthS: 0.09 }),
        ...evenBeats(70, 30.5, 60, { spikeMv: 3, heightMv: 0 }),
      ],
    },
  };
  for (const [name, heart] of Object.entries(hearts)) {
    const heard = await heardOf(heart);
    assertTold(name, heard, 30);
    const [alarm] = heard.withNetworks.filter(({ kind }) => kind === 'asystole');
    assert.equal(alarm?.end_s, null, `${name}: it stands to the end`);
  }
});

test('pauses of ten seconds are told, and that they end', async () => {
  const beats = [...evenBeats(60, 0.5, 30), ...evenBeats(60, 40, 60), ...evenBeats(60, 70, 90)];
  const { withNetworks } = await heardOf({ seconds: 90, beats });
  const alarms = withNetworks.filter(({ kind }) => kind === 'asystole');
  assert.equal(alarms.length, 2);
  assert.ok(alarms.every(({ end_s }) => end_s !== null));
});

test('complete block of 26 a minute with P waves of 75 a minute is a bradycardia of high priority', async () => {
  const loneP = Array.from({ length: 75 }, (_, i) => 0.3 + i * 0.8);
  const { withNetworks } = await heardOf({
    seconds: 60,
    beats: evenBeats(26, 0.5, 60, { widthS: 0.08 }),
    loneP,
  });
  assert.deepEqual(kindsOf(highOf(withNetworks)), ['bradycardia']);
});

test('fibrillation is told: coarse, fine, under hum, after a lost sample; and so are torsades', async () => {
  const beats = evenBeats(70, 0.5, 30);
  const from30 = (s: number, share = 1) => (s >= 30 ? share * fibrillationMv(s) : 0);
  const torsades = (s: number) => 1.2 * Math.sin((Math.PI * (s - 30)) / 3) * Math.sin(2 * Math.PI * 3.7 * s);
  const waveforms: Readonly<Record<string, (s: number) => number>> = {
    coarse: from30,
    fine: (s) => from30(s, 0.25),
    'under hum': (s) => from30(s) + 0.5 * Math.sin(100 * Math.PI * s),
    'after a lost sample': (s) => (Math.abs(s - 10) < 0.002 ? Number.NaN : from30(s)),
    torsades: (s) => (s >= 30 && s < 42 ? torsades(s) : 0),
  };
  for (const [name, waveform] of Object.entries(waveforms)) {
    assertTold(name, await heardOf({ seconds: 60, beats, waveform }), 30);
  }
});

test('wide tachycardia of 110 to 180 a minute is told, and not as a standstill', async () => {
  for (const [bpm, heightMv] of [
    [110, -1.4],
    [130, 1.4],
    [180, 1.4],
  ] as const) {
    const fast = evenBeats(bpm, 30, 60, { widthS: 0.12, heightMv });
    const heard = await heardOf({ seconds: 60, beats: [...evenBeats(70, 0.5, 30, { hasP: true }), ...fast] });
    assertTold(`${bpm}`, heard, 30);
    for (const { kind } of highOf([...heard.withNetworks, ...heard.withoutRhythmNetwork]))
      assert.match(kind, /^ventricular_/, `${bpm}`);
  }
});

test('a toothbrush, a tremor and hum over beats are nothing of high priority', async () => {
  const beats = evenBeats(75, 0.5, 60, { hasP: true });
  const brush = (s: number) =>
    (0.7 + 0.3 * Math.sin(2 * s)) * Math.sin(2 * Math.PI * (4 * s + 0.3 * Math.sin(1.1 * s)));
  const waveforms: Readonly<Record<string, (s: number) => number>> = {
    brush: (s) => (s > 10 && s < 40 ? 0.4 * brush(s) : 0),
    'hard brush': (s) => (s > 10 && s < 40 ? 0.8 * brush(s) : 0),
    tremor: (s) => 0.15 * Math.sin(2 * Math.PI * 5 * s + Math.sin(s)),
    hum: (s) => Math.sin(100 * Math.PI * s),
  };
  for (const [name, waveform] of Object.entries(waveforms)) {
    const { withNetworks, beats: found } = await heardOf({ seconds: 60, beats, waveform });
    assert.deepEqual(highOf(withNetworks), [], name);
    assert.ok(Math.abs(found - beats.length) <= 2, name);
  }
});

test('after twenty seconds of zeros beats are beats, and none is called ventricular', async () => {
  const { beats, withNetworks } = await heardOf({
    seconds: 60,
    beats: evenBeats(70, 20.5, 60, { hasP: true }),
    noiseMv: 0,
  });
  assert.ok(beats >= 46);
  assert.ok(withNetworks.every(({ kind }) => !kind.startsWith('ventricular') && kind !== 'frequent_ectopy'));
  assert.deepEqual(highOf(withNetworks), []);
  assert.ok(withNetworks.filter(({ priority }) => priority !== 'low').every(({ end_s }) => end_s !== null));
});
