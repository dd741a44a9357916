import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSource } from '@rhythmd/daemon/source/open-source.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { Heard } from '../../support/heard.ts';
import { needsProgram, needsRecord } from '../../support/needs.ts';
import { startSimulator } from '../../support/simulator.ts';
import { until } from '../../support/until.ts';

const SAMPLES = 120 * 360;

test('the firmware plays two minutes of a record through a pty: nothing lost, within one count', {
  ...needsRecord('208'),
  ...needsProgram('socat'),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-avr-'));
  // Longer than is asked for: what lies in a terminal's buffer is lost when its other end is closed.
  const args = ['avr', '208', '--to', `pty:${folder}/board`, '--speed', 'max', '--duration', '180'];
  const simulator = await startSimulator(args);
  const heard = new Heard();
  const source = openSource(`serial://${folder}/board?baud=115200`, { board: 'native' });
  try {
    await source.start(heard);
    await until(() => heard.count >= SAMPLES, 'two minutes', 240_000);
    const { frames } = source.statistics();
    assert.equal(frames?.lost, 0);
    assert.equal(heard.gaps.length + heard.broken, 0);
    const lead = readRecord('208').leads[0]!;
    const count = 5 / 1024 / 1.1;
    for (let i = 0; i < SAMPLES; i++) {
      // The amplifier clips at its supply; the converter rounds down.
      const pin = Math.max(-512, Math.min(511, Math.floor(lead[i]! / count)));
      const received = Math.round(heard.leads[0]![i]! / count);
      assert.ok(Math.abs(received - pin) <= 1, `sample ${i}: ${received} instead of ${pin}`);
    }
  } finally {
    await source.stop();
    await simulator.stop();
    rmSync(folder, { recursive: true });
  }
});
