/** Firefox as Debian ships it, driven over WebDriver BiDi: the little of it that a test of the page needs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { PATIENCE } from './patience.ts';
import { until } from './until.ts';

const STARTS_WITHIN_MS = 30_000;
const ANSWERS_WITHIN_MS = 20_000;

interface Answer {
  readonly id?: number;
  readonly type: 'success' | 'error' | 'event';
  readonly method?: string;
  readonly params?: { readonly level?: string; readonly text?: string | null };
  readonly result?: Record<string, unknown>;
  readonly message?: string;
}

/** A value as BiDi writes it, for what JSON knows. */
interface RemoteValue {
  readonly type: string;
  readonly value?: unknown;
}

export class Firefox {
  /** What the page complained about. */
  readonly complaints: string[] = [];
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #context = '';
  #calls = 0;

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as Answer));
  }

  static async launch(width = 1440, height = 900): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'firefox-'));
    await writeFile(
      join(profile, 'user.js'),
      preferences({
        'browser.download.folderList': 2,
        'browser.download.dir': profile,
        'browser.download.always_ask_before_handling_new_types': false,
        'browser.download.alwaysOpenPanel': false,
      }),
    );
    const child = spawn(
      'firefox-esr',
      ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'],
      // It keeps caches and crash reports below its home.
      { env: { ...process.env, HOME: profile, MOZ_HEADLESS: '1' }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr!.on('data', (text) => {
      said += text;
    });
    const listens = /WebDriver BiDi listening on (ws:\S+)/;
    await until(
      () => listens.test(said),
      () => `Firefox to listen; it said:\n${said}`,
      STARTS_WITHIN_MS,
    );
    const socket = new WebSocket(`${listens.exec(said)![1]}/session`);
    await once(socket, 'open');
    const firefox = new Firefox(child, profile, socket);
    await firefox.#send('session.new', { capabilities: {} });
    await firefox.#send('session.subscribe', { events: ['log.entryAdded'] });
    const { context } = await firefox.#send('browsingContext.create', { type: 'tab' });
    firefox.#context = context as string;
    await firefox.#send('browsingContext.setViewport', {
      context,
      viewport: { width, height },
    });
    return firefox;
  }

  async goto(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  /** @param expression whose value JSON can carry */
  async evaluate(expression: string): Promise<unknown> {
    const { type, result, exceptionDetails } = (await this.#send('script.evaluate', {
      expression: `(async () => JSON.stringify(await (${expression})) ?? 'null')()`,
      target: { context: this.#context },
      awaitPromise: true,
    })) as { type: string; result?: RemoteValue; exceptionDetails?: { text: string } };
    if (type !== 'success') throw new Error(`${expression}: ${exceptionDetails?.text ?? 'no value'}`);
    return JSON.parse(result!.value as string);
  }

  /** A real click in the middle of the first element that is meant. */
  async click(selector: string): Promise<void> {
    const [x, y] = (await this.evaluate(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: 'nearest' });
      const box = element.getBoundingClientRect();
      return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
    })()`)) as [number, number];
    await this.#send('input.performActions', {
      context: this.#context,
      actions: [
        {
          type: 'pointer',
          id: 'mouse',
          actions: [
            { type: 'pointerMove', x, y },
            { type: 'pointerDown', button: 0 },
            { type: 'pointerUp', button: 0 },
          ],
        },
      ],
    });
  }

  /** Keys one after the other, in whatever has the focus. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#send('input.performActions', {
      context: this.#context,
      actions: [
        {
          type: 'key',
          id: 'keyboard',
          actions: keys.flatMap((value) => [
            { type: 'keyDown', value },
            { type: 'keyUp', value },
          ]),
        },
      ],
    });
  }

  /** Where downloads are saved. */
  get downloads(): string {
    return this.#profile;
  }

  async close(): Promise<void> {
    this.#socket.close();
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #send(method: string, params: object): Promise<Record<string, unknown>> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Firefox did not answer ${method}`)),
        ANSWERS_WITHIN_MS * PATIENCE,
      );
      this.#waiting.set(id, ({ type, result, message }) => {
        clearTimeout(timer);
        if (type === 'success') resolve(result ?? {});
        else reject(new Error(`${method}: ${message}`));
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #take(answer: Answer): void {
    if (answer.type === 'event') {
      const { level, text } = answer.params ?? {};
      if (level === 'error' || level === 'warn') this.complaints.push(text ?? '');
      return;
    }
    this.#waiting.get(answer.id ?? -1)?.(answer);
    this.#waiting.delete(answer.id ?? -1);
  }
}

function preferences(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}
