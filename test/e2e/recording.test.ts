/** The real daemon, killed: what it recorded is the record it played, and the daemon's own beats are beside it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareBeats } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { statisticsOf } from '@rhythmd/ecg/ec57/statistics.ts';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { needsRecord } from '../support/needs.ts';
import { until } from '../support/until.ts';

const SECONDS = 60;

test('a minute of record 233 recorded, the daemon killed', needsRecord('233'), async (t) => {
  const daemon = await DaemonProcess.start({
    RHYTHMD_SOURCE_URL: 'sim:233?speed=20',
    RHYTHMD_MODEL_PATH: '',
    RHYTHMD_LOG_LEVEL: 'info',
  });
  t.after(() => daemon.stop());
  const folder = join(daemon.stateFolder, 'recordings');
  const newest = () =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.hea'))
          .sort()
          .at(-1)
      : undefined;
  const path = () => join(folder, newest()!.replace('.hea', ''));
  await until(
    () => newest() !== undefined && readRecord(path()).sampleCount > SECONDS * 360,
    () => `a minute of recording; the daemon said:\n${daemon.log}`,
    120_000,
  );
  daemon.process.kill('SIGKILL');
  await once(daemon.process, 'close');

  const recorded = readRecord(path());
  const played = readRecord('233');
  assert.deepEqual(recorded.leadNames, played.leadNames);
  assert.equal(recorded.rateHz, 360);
  // The daemon may have begun to listen after the board began to send.
  const found = offsetOf(recorded.leads[0]!, played.leads[0]!);
  assert.ok(found >= 0, 'the recording is a piece of the record');

  const beats = readAnnotations(path(), 'atr');
  const reference = readAnnotations('233', 'atr').map((mark) => ({ ...mark, sample: mark.sample - found }));
  const last = beats.filter(({ code }) => isBeatCode(code)).at(-1)?.sample ?? 0;
  const { matrix } = compareBeats(
    reference.filter(({ sample }) => sample >= 0),
    beats,
    {
      rateHz: 360,
      fromSample: 5 * 360,
      endSample: last,
    },
  );
  const { se, pp, tp } = statisticsOf(matrix).qrs;
  assert.ok(tp > 50 && se! > 0.97 && pp! > 0.97, JSON.stringify(statisticsOf(matrix).qrs));
});

/** Where a recording's first ten seconds stand in the record: exactly, or -1. */
function offsetOf(recorded: Float32Array, played: Float32Array): number {
  const probe = 3600;
  for (let at = 0; at + probe <= played.length; at++) {
    let i = 0;
    while (i < probe && Math.abs(recorded[i]! - played[at + i]!) < 1e-3) i++;
    if (i === probe) return at;
  }
  return -1;
}
