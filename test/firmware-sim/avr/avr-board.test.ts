/** The reference firmware, instruction by instruction, against what is put on its pins. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { native } from '@rhythmd/ecg/boards/native.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { SampleFlag } from '@rhythmd/ecg/types.ts';
import { AvrBoard, CLOCK_HZ } from '@rhythmd/firmware-sim/avr/avr-board.ts';
import { Electrodes } from '@rhythmd/firmware-sim/avr/electrodes.ts';
import { readImage } from '@rhythmd/firmware-sim/avr/firmware-image.ts';
import { parseIntelHex } from '@rhythmd/firmware-sim/avr/intel-hex.ts';
import { type Decoded, decodeAll, leadOf } from '../../support/streams.ts';

const image = parseIntelHex(readImage(), 32 * 1024);
const MICROVOLTS = 5e6 / 1024 / 1100;

interface Conversion {
  readonly channel: number;
  readonly cycles: number;
  readonly volts: number;
}

function rig(volts: (channel: number, seconds: number, board: AvrBoard) => number) {
  const bytes: number[] = [];
  const conversions: Conversion[] = [];
  const board: AvrBoard = new AvrBoard({
    image,
    volts: (channel, cycles) => {
      const value = volts(channel, cycles / CLOCK_HZ, board);
      conversions.push({ channel, cycles, volts: value });
      return value;
    },
    onByte: (byte) => bytes.push(byte),
  });
  const decoder = native.createDecoder();
  const run = (seconds: number): Decoded => {
    board.run(board.cycles + seconds * CLOCK_HZ);
    return decodeAll(decoder, [Uint8Array.from(bytes.splice(0))]);
  };
  return { board, conversions, decoder, run };
}

const counts = (millivolts: number[]) => millivolts.map((v) => Math.round((v * 1000) / MICROVOLTS));

test('every sample is what was on the pins, none is lost, none is out of place', () => {
  const { leads } = makeSyntheticRecord({ seed: 3, rateHz: 360 }, 20);
  const electrodes = new Electrodes(leads, 360, 360);
  const { conversions, decoder, run } = rig((channel, s) => electrodes.volts(channel, s, false));
  const decoded = run(20);
  assert.equal(decoder.statistics.lost + decoder.statistics.badChecksum + decoder.statistics.restarts, 0);
  for (const channel of [0, 1]) {
    const pins = conversions.filter((c) => c.channel === channel);
    const received = counts(leadOf(decoded, channel));
    assert.ok(received.length > 7180 && received.length <= pins.length);
    for (const [i, count] of received.entries()) {
      assert.ok(Math.abs(count - ((pins[i]!.volts / 5) * 1024 - 512)) <= 1, `sample ${i}`);
    }
    const first = pins[0]!.cycles;
    const worst = Math.max(...pins.map((c, i) => Math.abs(c.cycles - first - (i * CLOCK_HZ) / 360)));
    assert.ok(worst / 16 < 50, `${worst / 16} µs`);
  }
});

test('it says who it is', () => {
  const [description] = rig(() => 2.5).run(0.5).descriptions;
  assert.equal(description?.board, 'native-uno');
  assert.equal(description?.rateHz, 360);
  assert.deepEqual(description?.leadNames, ['ECG1', 'ECG2']);
  assert.ok(Math.abs((description?.microvoltsPerCount[0] ?? 0) - MICROVOLTS) < 1e-5);
});

test('lead-off pins and a clipped input are flagged', () => {
  const { board, run } = rig((_, s) => (s > 2 ? 5 : 2.5));
  run(1);
  board.setLeadOff(true, false);
  assert.equal(run(0.5).stretches.at(-1)?.flags, SampleFlag.leadOffPlus);
  board.setLeadOff(false, true);
  assert.equal(run(0.4).stretches.at(-1)?.flags, SampleFlag.leadOffMinus);
  board.setLeadOff(false, false);
  run(0.5);
  assert.equal(run(0.5).stretches.at(-1)?.flags, SampleFlag.saturated);
});

test('on command it makes a test pulse of 1 mV and marks it', () => {
  const { board, run } = rig((_c, _s, board) => 2.5 + (board.testPulse ? 1.1 : 0));
  run(1);
  board.receive(Uint8Array.of(0x54));
  run(0.1);
  const decoded = run(2);
  assert.ok(decoded.stretches.every((s) => s.flags === SampleFlag.testSignal));
  const lead = counts(leadOf(decoded, 0));
  const high = lead.filter((v) => v > 112);
  assert.ok(Math.abs(high.length - 360) < 8, `${high.length} high`);
  assert.ok(high.every((v) => Math.abs(v - 225) <= 1));
  board.receive(Uint8Array.of(0x74));
  run(0.1);
  assert.equal(run(1).stretches.at(-1)?.flags, 0);
});

test('a hello can be asked for, and unknown commands do no harm', () => {
  const { board, decoder, run } = rig(() => 2.5);
  run(0.5);
  const before = decoder.statistics.good;
  board.receive(Uint8Array.of(0x00, 0xff, 0x48));
  run(0.5);
  // 45 frames in half a second, and the hello.
  assert.ok(decoder.statistics.good - before >= 45);
  assert.equal(decoder.statistics.lost, 0);
});
