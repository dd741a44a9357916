/** `rhythmd run` in this process: what it says, and a way to end it. */
import type { TestContext } from 'node:test';
import { RHYTHMD } from '@rhythmd/daemon/cli/rhythmd.ts';
import { dispatch } from '@rhythmd/shell/program.ts';
import { freePort } from './mosquitto.ts';
import { until } from './until.ts';

export class RunningCommand {
  readonly lines: string[] = [];
  readonly #stop = new AbortController();
  readonly ended: Promise<number>;

  private constructor(words: readonly string[], environment: NodeJS.ProcessEnv) {
    this.ended = dispatch(RHYTHMD, words, {
      out: (line) => this.lines.push(line),
      err: (line) => this.lines.push(line),
      environment,
      signal: this.#stop.signal,
    });
  }

  /** Without a model, on free ports and with a source that is waited for, unless told otherwise. */
  static async start(t: TestContext, environment: NodeJS.ProcessEnv, words: readonly string[] = ['run']) {
    const command = new RunningCommand(words, {
      RHYTHMD_SOURCE_URL: 'tcp://127.0.0.1:1',
      RHYTHMD_MODEL_PATH: '',
      RHYTHMD_WEB_PORT: '0',
      RHYTHMD_MQTT_EMBEDDED_PORT: String(await freePort()),
      RHYTHMD_DEVICE_ID: 'rhythmd-1',
      RHYTHMD_OUTBOX_FOLDER: '',
      RHYTHMD_AUDIT_FOLDER: '',
      RHYTHMD_RECORDER_FOLDER: '',
      ...environment,
    });
    t.after(() => command.stop());
    return command;
  }

  /** The one line that matches, once it was said. */
  async said(pattern: RegExp): Promise<string> {
    await until(
      () => this.lines.some((line) => pattern.test(line)),
      () => `a line ${pattern} in:\n${this.lines.join('\n')}`,
    );
    return this.lines.find((line) => pattern.test(line))!;
  }

  async pageUrl(): Promise<string> {
    return /http:\S+/.exec(await this.said(/the page is at/))![0];
  }

  async stop(signal = 'SIGINT'): Promise<number> {
    this.#stop.abort(signal);
    return this.ended;
  }
}
