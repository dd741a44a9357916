import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ads1292r } from '@rhythmd/ecg/boards/ads1292r.ts';
import { ads1292r2 } from '@rhythmd/ecg/boards/ads1292r2.ts';
import { healthypi3 } from '@rhythmd/ecg/boards/healthypi3.ts';
import { healthypi4 } from '@rhythmd/ecg/boards/healthypi4.ts';
import { healthypi5 } from '@rhythmd/ecg/boards/healthypi5.ts';
import { LEAD_OFF_FLAGS, SampleFlag } from '@rhythmd/ecg/types.ts';
import { decodeAll, hex, leadOf, samplesOf, toHex } from '../../support/streams.ts';

const times = (count: number, bytes: Uint8Array) => Array.from({ length: count }, () => bytes);
const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-4, `${actual} instead of ${expected}`);

/** ECG 1104 (80 of them electrode offset), respiration 100, rates 15 and 72. */
const ADS1292R = hex('0AFA 0900 02 5004 6400 0F00 4800 00 000B');

test('ads1292r: one frame is not believed until a second one follows', () => {
  const decoder = ads1292r.createDecoder();
  assert.equal(decodeAll(decoder, [ADS1292R]).stretches.length, 0);
  const decoded = decodeAll(decoder, [ADS1292R]);
  assert.equal(leadOf(decoded, 0).length, 2);
  // 1024 counts of 12.31 µV.
  near(leadOf(decoded, 0)[0], (1024 * 2.42e3) / 6 / 2 ** 15);
});

test('ads1292r: a banner first is no loss', () => {
  const decoder = ads1292r.createDecoder();
  const banner = new TextEncoder().encode('Initializing ADS1292R...\r\n');
  assert.equal(leadOf(decodeAll(decoder, [banner, ...times(5, ADS1292R)]), 0).length, 5);
  assert.equal(decoder.statistics.lost, 0);
  assert.equal(decoder.statistics.bytesDiscarded, 0);
  assert.equal(decoder.statistics.bytesBefore, banner.length);
});

test('ads1292r: a start inside a payload is seen through', () => {
  const tricky = hex('0AFA 0900 02 0AFA 0900 020A FA09 00 000B');
  const decoder = ads1292r.createDecoder();
  const decoded = decodeAll(decoder, [tricky.subarray(5), ...times(4, tricky)]);
  assert.equal(leadOf(decoded, 0).length, 4);
});

test('ads1292r: wrong length, wrong type and wrong end are told apart', () => {
  const decoder = ads1292r.createDecoder();
  const length = hex('0AFA FFFF 02 5004 6400 0F00 4800 00 000B');
  const type = hex('0AFA 0900 07 5004 6400 0F00 4800 00 000B');
  const end = hex('0AFA 0900 02 5004 6400 0F00 4800 00 000C');
  decodeAll(decoder, [...times(2, ADS1292R), length, type, end, ...times(3, ADS1292R)]);
  const { oversize, badFooter, good, resynchronised, lost } = decoder.statistics;
  assert.deepEqual(
    { oversize, badFooter, good, resynchronised, lost },
    {
      oversize: 2,
      badFooter: 1,
      good: 5,
      resynchronised: 1,
      lost: 3,
    },
  );
});

test('ads1292r: zeros for longer than 0.2 s are a lead that is off', () => {
  const encoder = ads1292r.createEncoder();
  const second = (flags: number) =>
    encoder.encode(samplesOf([new Array(125).fill(0)], 125, 0, flags)).slice();
  const decoded = decodeAll(ads1292r.createDecoder(), [second(0), second(SampleFlag.leadOffPlus), second(0)]);
  const off = decoded.stretches.filter((s) => (s.flags & LEAD_OFF_FLAGS) !== 0);
  assert.equal(
    off.reduce((sum, s) => sum + s.leads[0]!.length, 0),
    100,
  );
  assert.equal(off[0]?.first, 150);
});

/** ECG 1024, respiration -2, rates 72 and 15. */
const ADS1292R2 = hex('0AFA 0800 02 0004 FEFF 4800 0F00 000B');

test('ads1292r2: eight bytes in steps of 0.77 µV, and zeros are a lead that is off', () => {
  const decoder = ads1292r2.createDecoder();
  near(leadOf(decodeAll(decoder, times(3, ADS1292R2)), 0)[0], (1023 * 2.42e3) / 6 / 2 ** 19);
  const off = decodeAll(decoder, times(125, hex('0AFA 0800 02 0000 0000 0000 0000 000B')));
  assert.equal(off.stretches.at(-1)?.flags, SampleFlag.leadOffPlus);
  // A flat line is none.
  const flat = ads1292r2.createEncoder().encode(samplesOf([new Array(125).fill(0)], 125));
  const decoded = decodeAll(ads1292r2.createDecoder(), [flat]);
  assert.ok(decoded.stretches.every(({ flags }) => flags === 0));
  assert.equal(decodeAll(ads1292r.createDecoder(), times(5, ADS1292R2)).stretches.length, 0);
});

/** ECG 1104, status byte last but the end. */
const healthypi = (status: string) =>
  hex(`0AFA 1400 02 5004 6400 01000000 02000000 8F0E 0F 62 48 00 00 ${status} 000B`);

test('healthypi3: bit 0 of the status is lead-off, the others are not', () => {
  const frames = [...times(2, healthypi('00')), ...times(2, healthypi('01')), ...times(2, healthypi('06'))];
  const decoded = decodeAll(healthypi3.createDecoder(), frames);
  const off = decoded.stretches.filter((s) => s.flags === SampleFlag.leadOffPlus);
  assert.deepEqual(
    off.map((s) => s.first),
    [2, 3],
  );
  assert.equal(leadOf(decoded, 0).length, 6);
});

test('healthypi4: any of the low five bits is lead-off', () => {
  for (const [status, off] of [
    ['00', 0],
    ['10', 1],
    ['04', 1],
    ['40', 0],
  ] as const) {
    const decoded = decodeAll(healthypi4.createDecoder(), times(3, healthypi(status)));
    assert.equal(decoded.stretches[0]?.flags, off ? SampleFlag.leadOffPlus : 0, status);
  }
});

test('healthypi5: 32-bit samples of 0.38 µV', () => {
  const frame = hex('0AFA 1600 02 00FEFFFF 00000000 00 00000000 00000000 8F0E 62 48 0F 000B');
  const decoded = decodeAll(healthypi5.createDecoder(), times(3, frame));
  near(leadOf(decoded, 0)[0], (-512 * 1e3) / 20 / 2 ** 17);
});

test('frames as the firmware sends them: hex fixtures', () => {
  const one = (board: typeof ads1292r, millivolts: number, flags = 0) =>
    toHex(board.createEncoder().encode(samplesOf([[millivolts]], board.rateHz, 0, flags)));
  const counts = 1024 * (2.42e3 / 6 / 2 ** 15);
  assert.equal(one(ads1292r, counts), '0afa090002500400000000000000000b');
  assert.equal(one(healthypi3, counts, 1), `0afa1400020000${'00'.repeat(17)}01000b`);
  assert.equal(one(healthypi5, -512e3 / 20 / 2 ** 17), `0afa16000200feffff${'00'.repeat(18)}000b`);
});

test('healthypi5 from firmware 1.0.0 on: eight samples a frame, other frames between', () => {
  const ecg = (first: number) => {
    const payload = Buffer.alloc(50);
    for (let i = 0; i < 8; i++) payload.writeInt32LE((first + i) * 100 - 5000, 4 * i);
    payload[48] = 75;
    return Buffer.concat([hex('0AFA 3200 03'), payload, hex('000B')]);
  };
  const pulse = Buffer.concat([hex('0AFA 1300 04'), Buffer.alloc(19, 7), hex('000B')]);
  const decoder = healthypi5.createDecoder();
  const decoded = decodeAll(decoder, [
    new TextEncoder().encode('*** Booting Zephyr OS ***\r\nHealthyPi 5\r\n'),
    ecg(0),
    pulse,
    ecg(8),
    ecg(16),
    pulse,
    ecg(32),
  ]);
  const values = leadOf(decoded, 0);
  assert.equal(values.length, 32);
  const order = [...Array.from({ length: 24 }, (_, i) => i), ...Array.from({ length: 8 }, (_, i) => 32 + i)];
  for (const [i, value] of values.entries()) near(value, ((order[i]! * 100 - 5000) * 1e3) / 20 / 2 ** 17);
  assert.deepEqual(
    [decoder.statistics.bytesDiscarded, decoder.statistics.badFooter, decoder.statistics.oversize],
    [0, 0, 0],
  );
  assert.equal(decoder.statistics.lost, 0);
  const damaged = Buffer.concat([ecg(40).subarray(0, 20), ecg(48), ecg(56)]);
  const later = decodeAll(decoder, [damaged]);
  assert.equal(leadOf(later, 0).length, 16);
});
