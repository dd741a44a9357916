/** Alarm limits set at the bedside: through the gateway, into the rules that run, over a restart, and into the audit. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type KeptLimits, LimitBook, readLimits } from '@rhythmd/daemon/alert/limit-book.ts';
import { checkConfig } from '@rhythmd/daemon/config/load.ts';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { Pipeline } from '@rhythmd/daemon/pipeline.ts';
import { AuditLog } from '@rhythmd/daemon/requests/audit-log.ts';
import { RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import { gatewayRules } from '@rhythmd/daemon/requests/open-audit.ts';
import { StateFile } from '@rhythmd/daemon/state-file.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import type { AlertEvent, InfoEvent } from '@rhythmd/protocol/events.ts';
import { ask } from '../../support/gateway.ts';
import { ToldSource } from '../../support/told-source.ts';

const RATE = 360;

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'limits-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function bookIn(folder: string, configured = rhythmSettings(), source: string | null = null) {
  const path = join(folder, 'alert-limits.json');
  const failures: unknown[] = [];
  const file = new StateFile<KeptLimits>(path, (error) => failures.push(error));
  const kept = await readLimits(path);
  return { book: new LimitBook({ configured, nowMs: () => 7, source, file, kept }), failures, path };
}

const setOf = (book: LimitBook) =>
  Object.fromEntries(
    book
      .facts()
      .flatMap(({ name, value, changed }) => (changed === null ? [] : [[name, [value, changed.by]]])),
  );

async function rig(t: TestContext) {
  const folder = await folderFor(t);
  const { book } = await bookIn(folder);
  const alerts: AlertEvent[] = [];
  const infos: InfoEvent[] = [];
  const config = checkConfig({}, {}, '');
  const source = new ToldSource();
  const audit = new AuditLog({
    folder,
    maxBytes: 1e6,
    nowMs: () => 7,
    onFailure: (error) => assert.fail(String(error)),
  });
  const pipeline = new Pipeline({
    config,
    environment: {},
    source,
    classifier: null,
    sinks: [
      {
        name: 'kept',
        start: async () => {},
        stop: async () => {},
        alert: (event) => alerts.push(event),
        info: (event) => infos.push(event),
      },
    ],
    settings: rhythmSettings(),
    limits: book,
    alert: config.alert,
    delivery: () => ({
      broker: { connected: true, url: 'mqtt://x', reason: null },
      outbox: null,
      recorder: null,
    }),
    log: () => SILENT_LOGGER,
    nowMs: () => 7,
    monotonicMs: () => 7,
  });
  const requests = new RequestGateway(gatewayRules(config, audit));
  pipeline.register(requests);
  await pipeline.start();
  t.after(() => pipeline.stop());
  const { leads, leadNames } = makeSyntheticRecord({ seed: 3, rateHz: RATE }, 120);
  source.describe(leadNames);
  let at = 0;
  return {
    folder,
    alerts,
    infos,
    requests,
    audited: async () => {
      await audit.close();
      const lines = await readFile(join(folder, 'audit.jsonl'), 'utf8');
      return lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    },
    play: async (seconds: number) => {
      source.play(leads, at, at + seconds * RATE);
      at += seconds * RATE;
      for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('a limit holds from the next beat on, is told with who set it, audited, and taken back', async (t) => {
  const { alerts, infos, requests, play, audited, folder } = await rig(t);
  const slow = () => alerts.filter(({ kind }) => kind === 'bradycardia');
  await play(30);
  assert.deepEqual(slow(), []);
  await ask(requests, 'limits', { limits: { bradycardia_bpm: 80 }, by: ' night nurse ' });
  const told = infos.at(-1)!.alert_limits.find(({ name }) => name === 'bradycardia_bpm');
  assert.deepEqual(told, {
    name: 'bradycardia_bpm',
    value: 80,
    default: 50,
    changed: { by: 'night nurse', t_ms: 7, kept: true },
  });
  await play(20);
  assert.deepEqual(
    slow().map(({ phase }) => phase),
    ['start'],
  );
  assert.match(slow()[0]!.text, /limit 80\/min/);
  await ask(requests, 'limits', { limits: { bradycardia_bpm: null } });
  await play(30);
  assert.deepEqual(
    slow().map(({ phase }) => phase),
    ['start', 'end'],
  );
  assert.ok(infos.at(-1)!.alert_limits.every(({ changed }) => changed === null));
  const lines = await audited();
  assert.deepEqual(
    lines.map(({ what, body, via, outcome }) => ({ what, body, via, outcome })),
    [
      {
        what: 'limits',
        body: { limits: { bradycardia_bpm: 80 }, by: ' night nurse ' },
        via: 'page',
        outcome: 'ok',
      },
      { what: 'limits', body: { limits: { bradycardia_bpm: null } }, via: 'page', outcome: 'ok' },
    ],
  );
  assert.equal((await stat(join(folder, 'alert-limits.json'))).mode & 0o777, 0o600);
});

test('the next patient begins with the configured limits', async (t) => {
  const { infos, requests, play, folder } = await rig(t);
  await play(5);
  await ask(requests, 'limits', { limits: { tachycardia_bpm: 150 } });
  await ask(requests, 'patient.new', { label: 'bed 4' });
  assert.ok(infos.at(-1)!.alert_limits.every(({ changed }) => changed === null));
  assert.deepEqual(setOf((await bookIn(folder)).book), {});
});

test('hostile and senseless limits are refused with a code, and none is changed', async (t) => {
  const { requests, infos } = await rig(t);
  const refusals: readonly (readonly [unknown, string])[] = [
    [{}, 'E_REQUEST_BODY'],
    [{ limits: {} }, 'E_REQUEST_BODY'],
    [{ limits: [] }, 'E_REQUEST_BODY'],
    [{ limits: { tachycardia_bpm: '140' } }, 'E_REQUEST_BODY'],
    [{ limits: { tachycardia_bpm: 1e9 } }, 'E_REQUEST_BODY'],
    [{ limits: { tachycardia_bpm: Number.NaN } }, 'E_REQUEST_BODY'],
    [{ limits: { tachycardia_bpm: { valueOf: 140 } } }, 'E_REQUEST_BODY'],
    [{ limits: { rate_hold_seconds: 60 } }, 'E_REQUEST_BODY'],
    [{ limits: JSON.parse('{"__proto__": {"tachycardia_bpm": 140}}') }, 'E_REQUEST_BODY'],
    [{ limits: { tachycardia_bpm: 140 }, by: 'a\nb' }, 'E_REQUEST_BODY'],
    [{ limits: { run_beats: 3.5 } }, 'E_ALERT_LIMIT'],
    // The first would hold without the second, which contradicts the high-priority limit of 180.
    [{ limits: { pause_seconds: 2, tachycardia_bpm: 200 } }, 'E_ALERT_LIMIT'],
  ];
  for (const [body, code] of refusals) {
    await assert.rejects(ask(requests, 'limits', body as object), { code }, JSON.stringify(body));
  }
  await ask(requests, 'limits', { limits: { tachycardia_bpm: 200, extreme_tachycardia_bpm: 220 } });
  const set = infos.at(-1)!.alert_limits.filter(({ changed }) => changed !== null);
  assert.deepEqual(
    set.map(({ name, value }) => [name, value]),
    [
      ['tachycardia_bpm', 200],
      ['extreme_tachycardia_bpm', 220],
    ],
  );
});

test('what was set outlives a restart, but no other patient, and no configuration it contradicts', async (t) => {
  const folder = await folderFor(t);
  const { book, path } = await bookIn(folder);
  await book.set({ tachycardia_bpm: 150, pause_seconds: 2 }, 'nurse');
  const again = (await bookIn(folder, rhythmSettings({ bradycardiaBpm: 40 }))).book;
  assert.deepEqual(setOf(again), { tachycardia_bpm: [150, 'nurse'], pause_seconds: [2, 'nurse'] });
  assert.deepEqual([again.settings.tachycardiaBpm, again.settings.bradycardiaBpm], [150, 40]);
  assert.deepEqual(setOf((await bookIn(folder, rhythmSettings(), '208')).book), {});
  await assert.rejects(bookIn(folder, rhythmSettings({ extremeTachycardiaBpm: 140 })), {
    code: 'E_ALERT_LIMIT',
  });
  for (const text of ['', '{', '[]', '{"v":1,"source":null,"limits":{"tachycardia_bpm":{"value":"x"}}}']) {
    await writeFile(path, text);
    await assert.rejects(bookIn(folder), Error, text);
  }
});

test('a disk that takes nothing is told: the limit holds until the next start', async (t) => {
  const folder = await folderFor(t);
  const { book, failures } = await bookIn(folder);
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file where the folder should be');
  await book.set({ tachycardia_bpm: 150 }, null);
  assert.equal(failures.length, 1);
  assert.equal(book.settings.tachycardiaBpm, 150);
  assert.equal(book.facts().find(({ name }) => name === 'tachycardia_bpm')?.changed?.kept, false);
});
