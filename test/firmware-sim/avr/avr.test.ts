import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { openSource } from '../../../daemon/source/open-source.ts';
import { Heard } from '../../support/heard.ts';
import { needsRecord } from '../../support/needs.ts';
import { startSimulator } from '../../support/simulator.ts';
import { until } from '../../support/until.ts';

test(
  'the firmware plays a record into a source: nothing lost, within one count',
  needsRecord('208'),
  async () => {
    const args = ['avr', '208', '--to', 'tcp:127.0.0.1:0', '--speed', 'max', '--duration', '10'];
    const simulator = await startSimulator(args);
    const heard = new Heard();
    const source = openSource(`${simulator.address}?speed=max`);
    try {
      await source.start(heard);
      await until(() => heard.count >= 3600, 'ten seconds', 60_000);
      const { frames } = source.statistics();
      assert.equal(frames?.lost, 0);
      assert.equal(heard.gaps.length + heard.broken, 0);
      const lead = readRecord('208').leads[0]!;
      const count = 5 / 1024 / 1.1;
      for (let i = 0; i < 3600; i++) {
        // The amplifier clips at its supply; the converter rounds down.
        const pin = Math.max(-512, Math.min(511, Math.floor(lead[i]! / count)));
        const received = Math.round(heard.leads[0]![i]! / count);
        assert.ok(Math.abs(received - pin) <= 1, `sample ${i}: ${received} instead of ${pin}`);
      }
    } finally {
      await source.stop();
      await simulator.stop();
    }
  },
);
