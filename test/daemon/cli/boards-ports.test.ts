import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../../support/command.ts';

test('boards and ports take no arguments', async () => {
  assert.equal((await runCommand(['boards', 'x'])).status, 2);
  assert.equal((await runCommand(['ports', 'x'])).status, 2);
});

test('boards lists all thirteen by name, rate and scale', async () => {
  const { status, out } = await runCommand(['boards', '--json']);
  assert.equal(status, 0);
  const { boards } = JSON.parse(out);
  assert.deepEqual(
    boards.map((board: { name: string }) => board.name),
    [
      'native ad8232 ads1292r ads1292r2 ads1293 max30003 healthypi3 healthypi4 healthypi5 healthypi6',
      'chords cyton bitalino',
    ].flatMap((names) => names.split(' ')),
  );
  const people = await runCommand(['boards']);
  assert.match(people.out, /^cyton +250 Hz +115200 +0\.02235/m);
});

test('ports works on any computer', async () => {
  const { status, out } = await runCommand(['ports', '--json']);
  assert.equal(status, 0);
  assert.ok(Array.isArray(JSON.parse(out).ports));
  assert.notEqual((await runCommand(['ports'])).out, undefined);
});
