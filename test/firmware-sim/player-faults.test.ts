/** Faults from end to end: a player with a script, a decoder that has to live with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { native } from '@rhythmd/ecg/boards/native.ts';
import { LEAD_OFF_FLAGS, SampleFlag } from '@rhythmd/ecg/types.ts';
import { parseFaultScript } from '@rhythmd/firmware-sim/faults/script.ts';
import { openPatient, type Patient } from '@rhythmd/firmware-sim/patient.ts';
import { Player } from '@rhythmd/firmware-sim/player.ts';
import { MemoryOutput } from '../support/memory-output.ts';
import { needsRecord } from '../support/needs.ts';
import { type Decoded, decodeAll, leadOf } from '../support/streams.ts';

const FLAT: Patient = {
  record: null,
  description: 'nobody',
  rateHz: 360,
  leadNames: ['A', 'B'],
  leads: [new Float32Array(360), new Float32Array(360)],
  normalBeats: [],
};

async function play(script: string, durationS: number, patient = FLAT, speed = Number.POSITIVE_INFINITY) {
  const output = new MemoryOutput();
  const gaps: string[] = [];
  const player = new Player({
    patient,
    encoder: native.createEncoder({ leadNames: patient.leadNames }),
    output,
    speed,
    durationS,
    faults: parseFaultScript(script, 'test'),
    seed: 1,
    report: (line) => gaps.push(line),
  });
  await player.run(new AbortController().signal);
  const decoder = native.createDecoder();
  const decoded: Decoded = decodeAll(decoder, output.chunks);
  return { output, gaps, decoded, statistics: decoder.statistics };
}

const lostIn = (decoded: Decoded) => decoded.stretches.map((s) => s.lost).filter((lost) => lost > 0);

test('a stall is a gap of its length, reported by both sides', async () => {
  const { gaps, decoded } = await play('[[fault]]\nkind = "stall"\nat = 5\nfor = 3', 20);
  assert.deepEqual(lostIn(decoded), [1080]);
  assert.deepEqual(gaps, ['gap from 1800 of 1080 samples']);
});

test('lead-off holds exactly as long as it is scripted', async () => {
  const script = '[[fault]]\nkind = "lead-off"\nat = 5\nfor = 3\nelectrode = "minus"';
  const { decoded } = await play(script, 20);
  const off = decoded.stretches.filter((s) => (s.flags & LEAD_OFF_FLAGS) !== 0);
  assert.ok(off.every((s) => s.flags === SampleFlag.leadOffMinus));
  assert.equal(
    off.reduce((sum, s) => sum + s.leads[0]!.length, 0),
    1080,
  );
  assert.equal(off[0]?.first, 1800);
});

test('damaged bytes cost frames, and every lost sample is counted', async () => {
  const script = ['drop', 'flip', 'duplicate', 'insert']
    .map((kind, i) => `[[fault]]\nkind = "${kind}"\nat = ${5 + 10 * i}\nfor = 5\nshare = 0.002\n`)
    .join('');
  const { decoded, statistics } = await play(script, 60);
  const received = leadOf(decoded, 0).length;
  const lost = lostIn(decoded).reduce((sum, n) => sum + n, 0);
  assert.ok(lost > 40, `${lost}`);
  assert.equal(received + lost, 60 * 360);
  assert.equal(statistics.restarts, 0);
});

test('a reboot in mid-frame and an unplugging start the board anew', async () => {
  const script = '[[fault]]\nkind = "reboot"\nat = 5\nfor = 2\n[[fault]]\nkind = "unplug"\nat = 15\nfor = 2';
  const { gaps, output, statistics } = await play(script, 20);
  assert.equal(statistics.restarts, 2);
  assert.ok(statistics.badChecksum <= 1);
  assert.equal(output.unplugs, 1);
  assert.equal(gaps.length, 2);
});

test('hum and saturation change the signal and nothing else', async () => {
  const script =
    '[[fault]]\nkind = "hum"\nat = 2\nfor = 2\nmv = 0.5\n[[fault]]\nkind = "saturation"\nat = 6\nfor = 1';
  const { decoded } = await play(script, 10);
  const lead = leadOf(decoded, 0);
  const peak = (fromS: number, toS: number) => Math.max(...lead.slice(fromS * 360, toS * 360));
  assert.equal(peak(0, 2), 0);
  assert.ok(Math.abs(peak(2, 4) - 0.5) < 0.01);
  assert.equal(Math.round(peak(6, 7)), 1000);
  assert.equal(lostIn(decoded).length, 0);
});

test('burst, jitter and drift delay bytes and lose none', async () => {
  const script = '[[fault]]\nkind = "burst"\n[[fault]]\nkind = "jitter"\n[[fault]]\nkind = "drift"';
  const { decoded } = await play(script, 20, FLAT, 100);
  assert.equal(lostIn(decoded).length, 0);
  assert.equal(leadOf(decoded, 0).length, 20 * 360);
});

test('recorded noise has the ratio that is asked for', needsRecord('118', 'em'), async () => {
  const patient = openPatient('118', 1);
  const script = '[[fault]]\nkind = "noise"\nat = 300\nfor = 60\nsnr_db = 0';
  const { decoded } = await play(script, 360, patient);
  const clean = patient.leads[0]!;
  const noise = leadOf(decoded, 0).map((v, i) => v - clean.at(i)!);
  assert.ok(noise.slice(0, 300 * 360).every((v) => Math.abs(v) < 0.001));
  // The database adds 2.96119 x em at 0 dB to record 118.
  const em = openPatient('em', 1).leads[0]!;
  for (let i = 300 * 360; i < 360 * 360; i += 97) {
    assert.ok(Math.abs(noise[i]! - 2.96119 * (em.at(i)! - em.at(300 * 360)!)) < 0.002, `${i}`);
  }
});
