import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AlertLog } from '@rhythmd/daemon/sink/recorder/alert-log.ts';
import { needsMount } from '../../../support/needs.ts';
import { SmallDisk } from '../../../support/small-disk.ts';

const DAY_MS = Date.UTC(2026, 10, 22);
const openFiles = () => readdirSync('/proc/self/fd').length;

test(
  'a full disk costs no file handles, and the lines are written when there is room',
  needsMount(),
  async () => {
    const disk = SmallDisk.mount(mkdtempSync(join(tmpdir(), 'rhythmd-alerts-')), 64)!;
    try {
      const path = join(disk.folder, 'alerts_20261122.jsonl');
      // To the byte: the line that a crash cut off cannot even be ended.
      writeFileSync(path, 'x'.repeat(4096));
      disk.fillUpTo(0);
      const log = new AlertLog(disk.folder, false);
      log.add(DAY_MS, { id: 'a' });
      await assert.rejects(log.flush(), { code: 'ENOSPC' });
      const before = openFiles();
      for (let i = 0; i < 50; i++) await assert.rejects(log.flush(), { code: 'ENOSPC' });
      // Of fifty not one; something else of the process may have closed a file meanwhile.
      assert.ok(openFiles() <= before, `${openFiles()} open files, ${before} before`);
      disk.free();
      await log.flush();
      assert.deepEqual(readFileSync(path, 'utf8').split('\n').slice(1), ['{"id":"a"}', '']);
    } finally {
      disk.unmount();
    }
  },
);
