/** Two daemons that share a folder of state and nothing else: the patient, the alarm limits and the id of one would be the other's. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { lockedFolder } from '../../support/lock-holder.ts';

test('a second daemon on one folder of state is refused, though it records and writes down nothing', async (t) => {
  const state = lockedFolder(t);
  const nothing = {
    RHYTHMD_SOURCE_URL: 'sim:synthetic',
    RHYTHMD_RECORDER_FOLDER: '',
    RHYTHMD_AUDIT_FOLDER: '',
  };
  // What one left that was killed while it wrote.
  const left = ['device.json.4711.tmp', 'patient.json.12.tmp', 'alert-limits.json.1.tmp'];
  for (const name of [...left, 'notes.1.tmp']) writeFileSync(join(state, name), '');
  const first = await DaemonProcess.start({ ...nothing, STATE_DIRECTORY: state });
  t.after(() => first.stop());
  await first.said(/Receiving/);
  for (const name of left) assert.ok(!readdirSync(state).includes(name), name);
  assert.ok(readdirSync(state).includes('notes.1.tmp'));
  const second = await DaemonProcess.start({ ...nothing, STATE_DIRECTORY: state });
  t.after(() => second.stop());
  await second.ended();
  assert.equal(second.process.exitCode, 1);
  assert.match(
    second.log,
    new RegExp(
      `^E_STATE_BUSY: another daemon \\(process ${first.process.pid}\\) keeps .*STATE_DIRECTORY[^\\n]*\\n$`,
      'm',
    ),
  );
  assert.equal(await first.stop('SIGTERM'), 0);
  assert.deepEqual(
    readdirSync(state).filter((name) => name.startsWith('lock')),
    ['lock'],
  );
});
