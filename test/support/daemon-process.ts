/** The real daemon as a program of its own, on free ports and with its state in a temporary folder. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './mosquitto.ts';
import { repositoryRoot } from './needs.ts';
import { until } from './until.ts';

export class DaemonProcess {
  readonly process: ChildProcessWithoutNullStreams;
  readonly mqttPort: number;
  readonly stateFolder: string;
  /** Everything it said on standard error. */
  log = '';

  private constructor(process: ChildProcessWithoutNullStreams, mqttPort: number, stateFolder: string) {
    this.process = process;
    this.mqttPort = mqttPort;
    this.stateFolder = stateFolder;
    process.stderr.on('data', (text) => {
      this.log += text;
    });
  }

  /** @param environment configuration; what is not given has free ports and the defaults */
  static async start(
    environment: NodeJS.ProcessEnv,
    command: readonly string[] = ['--import', 'tsx', 'daemon/main.ts', 'run'],
    program = process.execPath,
  ): Promise<DaemonProcess> {
    const port = await freePort();
    const stateFolder = mkdtempSync(join(tmpdir(), 'rhythmd-state-'));
    const child = spawn(program, [...command], {
      cwd: repositoryRoot,
      env: {
        ...process.env,
        RHYTHMD_WEB_PORT: '0',
        RHYTHMD_DEVICE_ID: 'rhythmd-1',
        RHYTHMD_MQTT_EMBEDDED_PORT: String(port),
        STATE_DIRECTORY: stateFolder,
        ...environment,
      },
    });
    return new DaemonProcess(child, port, stateFolder);
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  get mqttUrl(): string {
    return `mqtt://127.0.0.1:${this.mqttPort}`;
  }

  /** Waits until it said something. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    await until(
      () => {
        match = pattern.exec(this.log);
        return match !== null || this.hasEnded;
      },
      () => `the daemon to say ${pattern}; it said:\n${this.log}`,
      60_000,
    );
    if (match === null) throw new Error(`the daemon ended without ${pattern}; it said:\n${this.log}`);
    return match;
  }

  /** Address of the page, once it is served. */
  async pageUrl(): Promise<string> {
    return (await this.said(/the page is at (http:\S+)/))[1]!;
  }

  /** Waits until it has ended by itself. Its state stays. */
  async ended(): Promise<void> {
    await until(
      () => this.hasEnded,
      () => `the daemon to end; it said:\n${this.log}`,
      60_000,
    );
  }

  /** @returns the exit status */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (!this.hasEnded) {
      this.process.kill(signal);
      // A simulated board that outlives it keeps the pipes open: the process itself is what counts.
      await once(this.process, 'exit');
    }
    rmSync(this.stateFolder, { recursive: true, force: true });
    return this.process.exitCode;
  }
}
