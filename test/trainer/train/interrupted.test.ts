/** A training killed or interrupted at any moment goes on to the same bits as one that was left alone. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { readCheckpoint } from '@rhythmd/trainer/train/checkpoint.ts';

const PROGRAM = fileURLToPath(new URL('../../support/train-process.ts', import.meta.url));
const EPOCHS = 5;
const root = mkdtempSync(join(tmpdir(), 'rhythmd-interrupted-'));
after(() => rmSync(root, { recursive: true, force: true }));

interface Ending {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** @param interrupt asked at every piece of output; what it gives is sent after so many milliseconds */
async function training(
  folder: string,
  interrupt: (output: string) => { signal: NodeJS.Signals; afterMs: number } | null = () => null,
): Promise<Ending> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, join(root, folder)]);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let output = '';
  let errors = '';
  let isSent = false;
  child.stderr.on('data', (data) => {
    errors += data;
  });
  child.stdout.on('data', async (data) => {
    output += data;
    const what = isSent ? null : interrupt(output);
    if (what === null) return;
    isSent = true;
    await sleep(what.afterMs);
    child.kill(what.signal);
  });
  return { code: await ended, output, errors };
}

const weightsIn = ({ output }: Ending): string | undefined => /weights (\w+)/.exec(output)?.[1];
const undisturbed = training('undisturbed');

test('left alone: a line an epoch, nothing else where there is no terminal', async () => {
  const ending = await undisturbed;
  assert.equal(ending.code, 0, ending.errors);
  assert.equal(ending.errors, '');
  assert.equal(
    ending.output.match(/^epoch \d\/5: loss [\d.]+, accuracy [\d.]+ %, validation/gm)?.length,
    EPOCHS,
  );
});

test('killed again and again', async () => {
  const random = new SeededRandom(4);
  const path = join(root, 'killed/checkpoint.bin');
  for (let epoch = 1; epoch < EPOCHS; epoch++) {
    const afterMs = 300 * random.uniform();
    const ending = await training('killed', (output) =>
      output.includes(`epoch ${epoch}/`) ? { signal: 'SIGKILL', afterMs } : null,
    );
    if (ending.code === 0) break;
    // Whatever was being written, what is there is whole.
    readCheckpoint(path);
  }
  const ending = await training('killed');
  assert.equal(weightsIn(ending), weightsIn(await undisturbed));
  const log = readFileSync(join(root, 'killed/log.jsonl'), 'utf8').trim().split('\n');
  assert.deepEqual(
    log.map((line) => JSON.parse(line).epoch),
    [0, 1, 2, 3, 4],
  );
});

test('Ctrl-C: a checkpoint, 130, and the way to go on', async () => {
  const stopped = await training('stopped', (output) =>
    output.includes('epoch 1/') ? { signal: 'SIGINT', afterMs: 20 } : null,
  );
  assert.equal(stopped.code, 130, stopped.errors);
  assert.match(stopped.output, /stopped in epoch [2-5]; the same command goes on from here/);
  const { progress } = readCheckpoint(join(root, 'stopped/checkpoint.bin'))!;
  assert.ok(progress.epoch >= 1 && progress.epoch < EPOCHS);
  const resumed = await training('stopped');
  assert.equal(resumed.code, 0, resumed.errors);
  assert.equal(weightsIn(resumed), weightsIn(await undisturbed));
});
