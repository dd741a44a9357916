import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeadFigures } from '@rhythmd/daemon/doctor/lead-figures.ts';

test('without samples nothing is known', () => {
  assert.deepEqual(new LeadFigures('I', 360).reading(), {
    name: 'I',
    rangeMv: null,
    humMv: null,
    humHz: null,
    pulseMv: null,
  });
});

test('at a rate that cannot hold mains hum it is not guessed', () => {
  const figures = new LeadFigures('I', 100);
  figures.push(new Float32Array(1000), 1000);
  assert.equal(figures.reading().humMv, null);
});

for (const [hz, rateHz] of [
  [50, 125],
  [50, 360],
  [60, 360],
  [60, 1000],
] as const) {
  test(`${hz} Hz hum of 0.2 mV is found at ${rateHz} samples/s, under a beat of 1 mV`, () => {
    const figures = new LeadFigures('I', rateHz);
    const lead = Float32Array.from({ length: 10 * rateHz }, (_, i) => {
      const beat = i % rateHz < rateHz / 20 ? 1 : 0;
      return beat + 0.2 * Math.sin((2 * Math.PI * hz * i) / rateHz);
    });
    figures.push(lead, lead.length);
    const { rangeMv, humMv, humHz } = figures.reading();
    assert.equal(humHz, hz);
    assert.ok(Math.abs(humMv! - 0.2) < 0.07, `${humMv}`);
    assert.ok(rangeMv! > 1.1 && rangeMv! < 1.5);
  });
}

test('a test pulse is measured', () => {
  const figures = new LeadFigures('I', 360);
  const lead = Float32Array.from({ length: 3600 }, (_, i) => (i % 360 < 180 ? 0.9 : 0));
  figures.push(lead, lead.length);
  assert.ok(Math.abs((figures.reading().pulseMv ?? 0) - 0.9) < 0.01);
});
