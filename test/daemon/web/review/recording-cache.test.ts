import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { codeOfLabel } from '@rhythmd/daemon/publish/beat-event.ts';
import { beatMark } from '@rhythmd/daemon/sink/recorder/marks.ts';
import { RecordingCache } from '@rhythmd/daemon/web/review/recording-cache.ts';
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import { writeAnnotations } from '@rhythmd/records/write-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-cache-'));
after(() => rmSync(folder, { recursive: true }));

test('every class is read back as it was recorded, a paced beat not as one that nobody named', () => {
  const path = join(folder, 'r');
  const said = [...BEAT_LABELS, null];
  writeAnnotations(
    path,
    'atr',
    said.map((label, i) => beatMark(100 * (i + 1), codeOfLabel(label), label !== null)),
  );
  const about = {
    name: 'r',
    startMs: 0,
    endMs: 1,
    rateHz: 360,
    leads: ['MLII'],
    version: '1',
    signalVersion: '1',
  };
  const { beats } = new RecordingCache().annotations({ path, ...about });
  assert.deepEqual(
    beats.map(({ label }) => label),
    said,
  );
});
