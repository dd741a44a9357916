/** The simulated board as a program, as the daemon and a user start it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { repositoryRoot } from './needs.ts';

export interface Simulator {
  readonly process: ChildProcessWithoutNullStreams;
  /** As it printed it: `tcp://127.0.0.1:40001` or `serial:///tmp/...`. */
  readonly address: string;
  readonly sentence: string;
  stop(): Promise<void>;
}

/** Starts `sim ARGS...` and waits until it listens. */
export async function startSimulator(args: string[]): Promise<Simulator> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'firmware-sim/main.ts', ...args], {
    cwd: repositoryRoot,
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const ended = once(child, 'close');
  let sentence = '';
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('playing ')) sentence = line;
    const address = /^listening on (.+)$/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stdout.resume();
    const stop = async () => {
      child.kill();
      await ended;
    };
    return { process: child, address, sentence, stop };
  }
  throw new Error(`the simulator ended before it listened: ${errors}`);
}
