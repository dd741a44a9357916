/** Both ways to a serial port, on a real pty: the library, and `stty` with the engine's own terminal. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openNativeLine } from '@rhythmd/daemon/source/native-line.ts';
import type { OpenSerialLine } from '@rhythmd/daemon/source/serial-line.ts';
import { openTerminalLine } from '@rhythmd/daemon/source/terminal-line.ts';
import { needsProgram } from '../../support/needs.ts';
import { until } from '../../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-serial-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const WAYS: Readonly<Record<string, OpenSerialLine>> = {
  library: async (...words) => openNativeLine(await import('serialport'), ...words),
  terminal: openTerminalLine,
};

const IGNORED = { data: () => {}, lost: () => {} };

/** A pty whose other end is the standard input and output of a process. */
async function pty(name: string): Promise<{ readonly path: string; readonly board: ChildProcess }> {
  const path = join(folder, name);
  const board = spawn('socat', ['-', `pty,raw,echo=0,link=${path}`], { stdio: ['pipe', 'pipe', 'ignore'] });
  await until(() => existsSync(path), 'the port');
  return { path, board };
}

for (const [name, open] of Object.entries(WAYS)) {
  test(`${name}: a port that is not there, and a file that is none`, async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await assert.rejects(open(join(folder, 'none'), 115200, IGNORED), { code: 'E_PORT_MISSING' });
    await assert.rejects(open(file, 115200, IGNORED), /E_PORT|cannot be opened/);
  });

  test(
    `${name}: every byte arrives as it is, both ways; after its end nothing is told`,
    needsProgram('socat'),
    async () => {
      const { path, board } = await pty(`${name}-both`);
      const received: number[] = [];
      let lost = 0;
      const line = await open(path, 115200, { data: (bytes) => received.push(...bytes), lost: () => lost++ });
      const all = Uint8Array.from({ length: 1024 }, (_, i) => i);
      board.stdin!.write(all);
      await until(
        () => received.length >= all.length,
        () => `${received.length} bytes`,
      );
      assert.deepEqual(Uint8Array.from(received), all);

      const sent: number[] = [];
      board.stdout!.on('data', (bytes: Buffer) => sent.push(...bytes));
      line.write(all.subarray(0, 256));
      await until(
        () => sent.length >= 256,
        () => `${sent.length} bytes sent`,
      );
      assert.deepEqual(Uint8Array.from(sent), all.subarray(0, 256));
      await line.close();
      await line.close();
      board.kill();
      assert.equal(lost, 0);
    },
  );

  test(`${name}: a board that is unplugged is told once`, needsProgram('socat'), async () => {
    const { path, board } = await pty(`${name}-lost`);
    let lost = 0;
    const line = await open(path, 57600, { data: () => {}, lost: () => lost++ });
    board.kill('SIGKILL');
    await until(() => lost > 0, 'the hang-up');
    line.write(Uint8Array.of(1));
    await line.close();
    assert.equal(lost, 1);
  });
}

test('a speed that the system does not have', needsProgram('socat'), async () => {
  const { path, board } = await pty('speed');
  await assert.rejects(openTerminalLine(path, 12345, IGNORED), { code: 'E_PORT_OPEN' });
  board.kill();
});
