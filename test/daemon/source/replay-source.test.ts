import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import { openSourceOrReplay, replayUrl } from '@rhythmd/daemon/source/open-replay.ts';
import { replayHandlers } from '@rhythmd/daemon/source/replay-requests.ts';
import type { Samples } from '@rhythmd/ecg/types.ts';
import type { BenchState } from '@rhythmd/protocol/requests.ts';
import { findRecord, recordFolders } from '@rhythmd/records/folders.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { ask } from '../../support/gateway.ts';
import { needsRecord } from '../../support/needs.ts';
import { until } from '../../support/until.ts';

function replayGateway(url: string, folders = recordFolders()): RequestGateway {
  const gateway = new RequestGateway();
  gateway.register(replayHandlers(openSourceOrReplay(url, {}).replay, folders));
  return gateway;
}

const refused = (verb: string, body = {}, url = 'tcp://127.0.0.1:1') => ask(replayGateway(url), verb, body);

test('a board cannot be told what to play', async () => {
  await assert.rejects(refused('bench'), { code: 'E_NOT_A_REPLAY' });
  await assert.rejects(refused('bench.seek', { seconds: 0 }), { code: 'E_NOT_A_REPLAY' });
});

test('what a page may ask of a replay is checked', async () => {
  const url = 'wfdb:100';
  await assert.rejects(refused('bench.play', { record: '../../etc/passwd' }, url), {
    code: 'E_REQUEST_BODY',
  });
  await assert.rejects(refused('bench.play', { record: 'no-such-record' }, url), {
    code: 'E_RECORD_NOT_FOUND',
  });
  await assert.rejects(refused('bench.speed', { speed: 'fast' }, url), { code: 'E_REQUEST_BODY' });
  await assert.rejects(refused('bench.seek', { seconds: -1 }, url), { code: 'E_REQUEST_BODY' });
  await assert.rejects(refused('bench.fault', { fault: 'stall' }, url), { code: 'E_REQUEST_BODY' });
});

test('what is not changed stays as configured', () => {
  const replay = { record: '208', speed: 5, fromS: 1.5, fault: null };
  const url = replayUrl('sim:233?speed=1&board=cyton&duration=9', replay);
  assert.equal(url, 'sim:208?speed=5&board=cyton&from=1.500');
});

test(
  'samples go on counting over a change, and the origin says where the record lies',
  needsRecord('100', '208'),
  async (t) => {
    const { source, replay } = openSourceOrReplay('wfdb:100?speed=20', {});
    assert.ok(replay);
    const stretches: { first: number; count: number; lost: number; value: number }[] = [];
    await source.start({
      description: () => {},
      samples: ({ first, count, lost, leads }: Samples) =>
        stretches.push({ first, count, lost, value: leads[0]![0]! }),
      status: () => {},
      end: () => {},
    });
    t.after(() => source.stop());
    await until(() => stretches.length > 5, 'samples');
    const folders = [...new Set([findRecord('100')!, findRecord('208')!])].map((path) =>
      path.replace(/\/[^/]+$/, ''),
    );
    const gateway = new RequestGateway();
    gateway.register(replayHandlers(replay, folders));
    await ask(gateway, 'bench.play', { record: '208' });
    const state = (await ask(gateway, 'bench.seek', { seconds: 600 })) as BenchState;
    assert.equal(state.record, '208');
    assert.ok(state.records.includes('100') && state.records.includes('208'));
    assert.ok(Math.abs(state.duration_s! - 1805.6) < 0.1);
    const before = stretches.length;
    await until(() => stretches.length > before + 5, 'samples after the seek');
    for (const [i, { first, count, lost }] of stretches.entries()) {
      const next = stretches[i + 1];
      if (next === undefined) break;
      assert.equal(
        next.first,
        first + count + next.lost,
        `stretch ${i} of ${stretches.length}, lost ${lost}`,
      );
    }
    assert.equal(stretches.filter(({ lost }) => lost > 0).length >= 1, true);
    const { first, value } = stretches.at(-1)!;
    assert.equal(value, readRecord('208').leads[0]![first - state.origin_sample!]);
  },
);

test(
  'the simulated board goes elsewhere without a new program, to the sample, and without a word of trouble',
  needsRecord('208'),
  async (t) => {
    const { source, replay } = openSourceOrReplay('sim:208?speed=10', { recordFolders: recordFolders() });
    assert.ok(replay);
    const statuses: string[] = [];
    const stretches: Samples[] = [];
    await source.start({
      description: () => {},
      samples: ({ leads, ...rest }) => stretches.push({ ...rest, leads: leads.map((lead) => lead.slice()) }),
      status: ({ state }) => statuses.push(state),
      end: () => {},
    });
    t.after(() => source.stop());
    const programs = () => readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');
    await until(() => stretches.length > 5, 'samples', 60_000);
    const [before, said] = [programs(), statuses.length];
    const gateway = new RequestGateway();
    gateway.register(replayHandlers(replay, recordFolders()));
    const { leads } = readRecord('208');
    for (const [verb, body] of [
      ['bench.seek', { seconds: 600 }],
      ['bench.speed', { speed: 5 }],
      ['bench.fault', { fault: 'lead-off' }],
      ['bench.seek', { seconds: 60 }],
    ] as const) {
      stretches.length = 0;
      const { origin_sample } = (await ask(gateway, verb, body)) as BenchState;
      await until(() => stretches.length > 5, `samples after ${verb}`);
      const [start] = stretches;
      assert.equal(start!.lost, 360, `${verb}: a second counts as lost`);
      for (const { first, count, leads: played } of stretches.slice(0, 5)) {
        // A fault comes two seconds later.
        const known = Math.min(count, start!.first + 360 - first);
        for (let i = 0; i < known; i++) {
          const recorded = leads[0]![first + i - origin_sample!]!;
          assert.ok(
            Math.abs(played[0]![i]! - recorded) < 0.006,
            `${verb}, sample ${first + i - origin_sample!}`,
          );
        }
      }
    }
    assert.equal(programs(), before, 'the same program');
    assert.ok(
      statuses.slice(said).every((state) => state === 'streaming'),
      statuses.join(' '),
    );
  },
);
