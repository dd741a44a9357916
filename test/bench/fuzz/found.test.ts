/** What fuzzing ever found stays mended. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundInputs } from './corpus.ts';
import { TARGETS } from './targets.ts';

test('every target takes its own valid inputs', async () => {
  for (const target of TARGETS.filter(({ name }) => !/^(http|websocket-frames)$/.test(name))) {
    for (const input of target.seeds()) await target.run(input);
  }
});

for (const { target: name, name: file, input } of foundInputs()) {
  test(`${file} breaks ${name} no more`, async () => {
    const target = TARGETS.find((candidate) => candidate.name === name);
    assert.ok(target, `there is no target ${name}`);
    await target.run(input);
  });
}
