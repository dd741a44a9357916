import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DetectingDecoder } from '@rhythmd/ecg/boards/detecting-decoder.ts';
import { boards } from '@rhythmd/ecg/boards/registry.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { cut, decodeAll, leadOf, samplesOf } from '../../support/streams.ts';

/** HealthyPi v3 and v4 look the same on the wire. */
const asHeard = (name: string) => (name === 'healthypi3' ? 'healthypi4' : name);
const candidates = [...boards].sort((a) => (a.name === 'healthypi4' ? -1 : 0));

for (const board of boards) {
  test(`${board.name} is recognised by its frames, and nothing is lost meanwhile`, () => {
    const encoder = board.createEncoder();
    if (board.startCommand) encoder.command(board.startCommand);
    const rateHz = encoder.inputRateHz;
    const { leads } = makeSyntheticRecord({ seed: 7, rateHz }, 10);
    const heart = leads.map((lead) => Array.from(lead));
    const bytes = encoder.encode(samplesOf(heart, rateHz)).slice();
    const chunks = cut(
      bytes,
      Array.from({ length: 500 }, (_, i) => i * 50),
    );
    const options = { speed: Number.POSITIVE_INFINITY };
    const detecting = new DetectingDecoder(candidates, options);
    const decoded = decodeAll(detecting, chunks);
    assert.equal(detecting.board?.name, asHeard(board.name));
    const alone = decodeAll(detecting.board!.createDecoder(options), chunks);
    assert.deepEqual(leadOf(decoded, 0), leadOf(alone, 0));
    assert.equal(decoded.descriptions.length, 1);
  });
}

test('noise is no board, and memory stays bounded', () => {
  const detecting = new DetectingDecoder(boards);
  let seed = 1;
  const noise = Uint8Array.from({ length: 300_000 }, () => {
    seed = (seed * 16807) % 2147483647;
    return seed & 0xff;
  });
  assert.equal(
    decodeAll(
      detecting,
      cut(
        noise,
        Array.from({ length: 300 }, (_, i) => i * 1000),
      ),
    ).stretches.length,
    0,
  );
  assert.equal(detecting.board, null);
  assert.equal(detecting.statistics.bytes, 300_000);
});
