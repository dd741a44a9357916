/** A real Node-RED with one flow, beside a broker: for the example in config/deploy/node-red. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { freePort } from './mosquitto.ts';
import { until } from './until.ts';

const FOLDER = join(homedir(), '.cache/rhythmd/node-red');
const PROGRAM = join(process.env.RHYTHMD_NODE_RED ?? FOLDER, 'node_modules/node-red/red.js');

/** @throws RhythmdError where it is not installed, with the command that does */
export function findNodeRed(): string {
  if (existsSync(PROGRAM)) return PROGRAM;
  throw new RhythmdError(
    'E_OUT',
    'there is no Node-RED',
    `npm install --prefix ${FOLDER} --ignore-scripts node-red`,
  );
}

export class NodeRed {
  /** Everything it said. */
  log = '';
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, url: string, folder: string) {
    this.#process = process;
    this.#folder = folder;
    this.url = url;
    for (const stream of [process.stdout!, process.stderr!])
      stream.on('data', (text) => {
        this.log += text;
      });
  }

  /** @param flow nodes as they are imported */
  static async start(flow: readonly object[]): Promise<NodeRed> {
    const folder = mkdtempSync(join(tmpdir(), 'node-red-'));
    const port = await freePort();
    writeFileSync(join(folder, 'flow.json'), JSON.stringify(flow));
    writeFileSync(
      join(folder, 'settings.js'),
      `module.exports = { uiHost: '127.0.0.1', uiPort: ${port}, flowFile: 'flow.json', telemetry: { enabled: false }, diagnostics: { enabled: false } };`,
    );
    const child = spawn(
      process.execPath,
      [findNodeRed(), '--userDir', folder, '--settings', join(folder, 'settings.js')],
      {
        cwd: folder,
        env: { ...process.env, HOME: folder, NO_UPDATE_NOTIFIER: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const nodeRed = new NodeRed(child, `http://127.0.0.1:${port}`, folder);
    await nodeRed.said(/Connected to broker/);
    return nodeRed;
  }

  async said(pattern: RegExp): Promise<void> {
    await until(
      () => pattern.test(this.log),
      () => `Node-RED to say ${pattern}; it said:\n${this.log}`,
      30_000,
    );
  }

  /** What a debug node wrote, in order. */
  get debugged(): string[] {
    return [...this.log.matchAll(/\[debug:[^\]]*\] (.*)/g)].map(([, text]) => text!);
  }

  /** A person presses the button of an inject node. */
  async press(id: string): Promise<number> {
    return (await fetch(`${this.url}/inject/${id}`, { method: 'POST' })).status;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
