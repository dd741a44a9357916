/** The daemon is killed between the line of a correction and the annotation file made of it: after the next start both say the same. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readReviewed } from '@rhythmd/daemon/corrections/reviewed.ts';
import { mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotationFile } from '@rhythmd/records/read-annotations.ts';
import { WebSocket } from 'ws';
import { DaemonProcess } from '../support/daemon-process.ts';
import { until } from '../support/until.ts';
import { RECORDED_HZ, writeRecording } from '../support/written-recording.ts';

const START_MS = Date.UTC(2026, 0, 15, 9, 0);
const SPAN = { from_ms: START_MS, to_ms: START_MS + 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'rhythmd-killed-'));
const path = join(folder, '20260115_090000');
after(() => rmSync(folder, { recursive: true, force: true }));

const start = () =>
  DaemonProcess.start({
    RHYTHMD_SOURCE_URL: 'tcp://127.0.0.1:1',
    RHYTHMD_MODEL_PATH: '',
    RHYTHMD_RECORDER_FOLDER: folder,
  });

async function ask(url: string, request: string, data: object): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}stream`);
  // It is killed under us.
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ request, transaction: 'test', data }));
  return socket;
}

const journal = () => {
  try {
    return readFileSync(`${path}.rev.jsonl`, 'utf8')
      .split('\n')
      .filter((line) => line !== '').length;
  } catch {
    return 0;
  }
};
const labelAt = (second: number) =>
  mnemonicOf(readAnnotationFile(`${path}.rev`).find(({ sample }) => sample === second * RECORDED_HZ)!.code);

test('killed after the journal and before the annotations, twice: the next start makes them, and they agree', async () => {
  await writeRecording(folder, START_MS, 60);
  for (const [round, second] of [5, 7].entries()) {
    const daemon = await start();
    const url = await daemon.pageUrl();
    // The recorder removes leftovers of a crash before the source is asked.
    await daemon.said(/E_SOURCE_CONNECT/);
    // Its temporary file is a pipe that nobody reads: there it stands still, the line being on the disk.
    const stuck = `${path}.rev.${daemon.process.pid}.tmp`;
    execFileSync('mkfifo', [stuck]);
    const socket = await ask(url, 'review.correct', {
      ...SPAN,
      action: 'relabel',
      label: 'S',
      beat_t_ms: START_MS + second * 1000,
      by: 'B. Vee',
    });
    await until(() => journal() === round + 1, 'the line of the journal');
    daemon.process.kill('SIGKILL');
    await daemon.ended();
    socket.terminate();
    rmSync(stuck);
    if (round > 0) assert.notEqual(labelAt(second), 'S', 'the annotations were made already');
    await daemon.stop();

    const again = await start();
    const page = await again.pageUrl();
    await until(
      () => {
        try {
          return labelAt(second) === 'S';
        } catch {
          return false;
        }
      },
      () => `the annotation file; log:\n${again.log}`,
    );
    assert.deepEqual(readAnnotationFile(`${path}.rev`), readReviewed(path).annotations);
    const span = `from_ms=${SPAN.from_ms}&to_ms=${SPAN.to_ms}`;
    const { labels } = (await (await fetch(`${page}api/review/beats?${span}`)).json()) as {
      labels: string[];
    };
    assert.equal(labels.filter((label) => label === 'S').length, round + 1);
    assert.equal(await again.stop(), 130);
  }
});
