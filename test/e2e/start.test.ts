/** Somebody types `npm start` and waits: a word at once, and a page that is there when its address is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DaemonProcess } from '../support/daemon-process.ts';
import { needsProgram } from '../support/needs.ts';
import { PATIENCE } from '../support/patience.ts';
import { until } from '../support/until.ts';

test(
  'at a terminal the first word comes before the program is read, and no page is ever "being made ready"',
  needsProgram('script'),
  async (t) => {
    const startedMs = performance.now();
    // util-linux's script gives it a terminal, whose every line comes back on its standard output.
    const daemon = await DaemonProcess.start(
      { RHYTHMD_SOURCE_URL: 'tcp://127.0.0.1:1', RHYTHMD_MODEL_PATH: '', TERM: 'dumb' },
      ['--quiet', '--return', '--command', 'npm start --silent', '/dev/null'],
      'script',
    );
    t.after(() => daemon.stop('SIGTERM'));
    let said = '';
    let firstMs = 0;
    daemon.process.stdout.on('data', (text) => {
      firstMs ||= performance.now() - startedMs;
      said += text;
    });
    await until(
      () => /rhythmd is starting\./.test(said),
      () => `the first word; it said:\n${said}`,
      1000 * PATIENCE,
    );
    assert.match(said, /^rhythmd is starting\.\r?\n/, 'nothing before it');
    const page = /the page is at (http:\S+)/;
    await until(
      () => page.test(said),
      () => `the page; it said:\n${said}`,
      60_000,
    );
    const readyMs = performance.now() - startedMs;
    assert.ok(
      firstMs < readyMs / 2,
      `the first word after ${firstMs.toFixed(0)} ms, the page after ${readyMs.toFixed(0)}`,
    );
    const response = await fetch(page.exec(said)![1]!);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /<title>rhythmd monitor<\/title>/);
  },
);
