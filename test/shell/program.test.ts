/** Every program of ours: the same statuses for the same things. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RHYTHMD } from '@rhythmd/daemon/cli/rhythmd.ts';
import { SIMULATOR } from '@rhythmd/firmware-sim/simulator.ts';
import { recordsProgram } from '@rhythmd/records/records.ts';
import { usageOf } from '@rhythmd/shell/command.ts';
import type { CommandModule } from '@rhythmd/shell/io.ts';
import { dispatch, type Program } from '@rhythmd/shell/program.ts';
import { TRAINER } from '@rhythmd/trainer/cli/trainer.ts';

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  program: Program,
  words: string[],
  signal = new AbortController().signal,
): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const status = await dispatch(program, words, { ...io, environment: {}, signal });
  return { status, out: out.join('\n'), err: err.join('\n') };
}

for (const program of [RHYTHMD, SIMULATOR, recordsProgram(), TRAINER]) {
  test(`${program.name}: help is 0 everywhere, bad usage is 2 and one line`, async () => {
    const { status, out } = await run(program, ['help']);
    assert.equal(status, 0);
    assert.equal((await run(program, ['--help'])).out, out);
    for (const [name, command] of Object.entries(program.commands)) {
      const usage = usageOf(name, command);
      assert.ok(out.includes(usage), name);
      for (const help of ['--help', '-h']) {
        const helped = await run(program, [name, help]);
        assert.equal(helped.status, 0);
        assert.ok(helped.out.startsWith(`${program.name} ${usage}\n${command.summary}`), helped.out);
      }
      const wrong = await run(program, [name, '--no-such-option']);
      assert.equal(wrong.status, 2);
      assert.ok(wrong.err.startsWith('E_USAGE: no option --no-such-option'), wrong.err);
      assert.ok(wrong.err.endsWith(`Usage: ${program.name} ${usage}`), wrong.err);
      assert.doesNotMatch(wrong.err, /\n/);
    }
    for (const words of [[], ['no-such-verb']]) {
      const wrong = await run(program, words);
      assert.equal(wrong.status, 2);
      assert.match(wrong.err, /^E_USAGE: no verb .*help` lists the verbs$/);
    }
  });
}

const program = (module: CommandModule): Program => ({
  name: 'prog',
  about: '',
  commands: { work: { summary: '', options: {} } },
  modules: { work: async () => module },
  describe: (error) => `E_SOME: ${(error as Error).message}`,
  isUsage: (error) => (error as Error).message === 'configuration',
});

test('a failure is 1, a wrong configuration 2, each one line', async () => {
  const failing = (message: string) => program({ run: () => Promise.reject(new Error(message)) });
  assert.deepEqual(await run(failing('disk'), ['work']), { status: 1, out: '', err: 'E_SOME: disk' });
  assert.equal((await run(failing('configuration'), ['work'])).status, 2);
});

test('an interruption ends at once what does not end itself, with 130', async () => {
  const interruption = new AbortController();
  const never = program({ run: () => new Promise(() => {}) });
  const ended = run(never, ['work'], interruption.signal);
  interruption.abort('SIGINT');
  assert.equal((await ended).status, 130);
});

test('what ends itself is waited for', async () => {
  const interruption = new AbortController();
  const clean = program({
    endsItself: true,
    run: (_, { signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 10, 0))),
  });
  const ended = run(clean, ['work'], interruption.signal);
  setTimeout(() => interruption.abort('SIGTERM'), 10);
  assert.equal((await ended).status, 0);
});
