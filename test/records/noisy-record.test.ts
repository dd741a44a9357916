import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureGainAt0Db, NSTDB_GAINS_AT_0_DB } from '@rhythmd/ecg/noise/signal-to-noise.ts';
import { noisyLeads } from '@rhythmd/records/noisy-record.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { needsRecord } from '../support/needs.ts';

test(
  'our measured gains are those of the published noisy records within 0.2 dB',
  needsRecord('118', '119', 'em'),
  () => {
    const em = readRecord('em');
    for (const [name, published] of NSTDB_GAINS_AT_0_DB) {
      const record = readRecord(name);
      // 118 has right bundle branch block throughout, 119 none.
      const normal = readAnnotations(name, 'atr').filter(({ code }) => code >= 1 && code <= 3);
      for (const [signal, expected] of published.entries()) {
        const gain = measureGainAt0Db(
          record.leads[signal]!,
          normal.map(({ sample }) => sample),
          em.leads[signal]!,
          record.rateHz,
        );
        const difference = 20 * Math.log10(gain! / expected);
        assert.ok(Math.abs(difference) < 0.2, `${name} signal ${signal}: ${difference} dB`);
      }
    }
  },
);

test(
  '118 with electrode motion: clean to 5:00, noisy to 7:00, a held offset to 9:00',
  needsRecord('118', 'em'),
  () => {
    const record = readRecord('118');
    const [quiet] = noisyLeads(record, { noise: 'em', snrDb: 24 });
    const [loud] = noisyLeads(record, { noise: 'em', snrDb: 0 });
    const clean = record.leads[0]!;
    const minute = 60 * 360;
    const added = (noisy: Float32Array, t: number) => noisy[t]! - clean[t]!;
    assert.equal(added(loud!, 5 * minute - 1), 0);
    assert.ok(Math.abs(added(loud!, 5.5 * minute)) > 0);
    assert.ok(Math.abs(added(loud!, 7 * minute) - added(loud!, 9 * minute - 1)) < 1e-5);
    const ratio = added(loud!, 5.5 * minute) / added(quiet!, 5.5 * minute);
    assert.ok(Math.abs(20 * Math.log10(ratio) - 24) < 0.1, String(ratio));
  },
);

test('any record and any noise: the ratio is measured', needsRecord('100', 'ma'), () => {
  const record = readRecord('100');
  assert.ok(noisyLeads(record, { noise: 'ma', snrDb: 6 }).every((lead) => lead.length === 650_000));
});
