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
const ENDS_WITHIN_MS = 10_000;
/** Keys by their names in the DOM, as WebDriver writes them; any other is its own character. */
const KEYS: Readonly<Record<string, string>> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  ArrowLeft: '\uE012',
  ArrowRight: '\uE014',
  End: '\uE010',
  Home: '\uE011',
};

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

export interface FirefoxLook {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

export class Firefox {
  /** What the page complained about. */
  readonly complaints: string[] = [];
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #socket: WebSocket | null = null;
  #said = '';
  #context = '';
  #calls = 0;

  private constructor(process: ChildProcess, profile: string) {
    this.#process = process;
    this.#profile = profile;
    process.stderr!.on('data', (text) => {
      this.#said += text;
    });
    // What waits for an answer is told at once that none will come.
    process.on('exit', () => this.#refuse('Firefox has ended'));
    process.on('error', (error) => this.#refuse(String(error)));
  }

  /** Where it does not come up it is ended: a browser that is left keeps the test's process for ever. */
  static async launch({
    width = 1440,
    height = 900,
    colorScheme = 'light',
  }: FirefoxLook = {}): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'firefox-'));
    await writeFile(
      join(profile, 'user.js'),
      preferences({
        'browser.download.folderList': 2,
        'browser.download.dir': profile,
        'browser.download.always_ask_before_handling_new_types': false,
        'browser.download.alwaysOpenPanel': false,
        'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
      }),
    );
    const child = spawn(
      'firefox-esr',
      ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'],
      // It keeps caches and crash reports below its home.
      { env: { ...process.env, HOME: profile, MOZ_HEADLESS: '1' }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const firefox = new Firefox(child, profile);
    try {
      await firefox.#begin(width, height);
      return firefox;
    } catch (error) {
      await firefox.close();
      throw error;
    }
  }

  async #begin(width: number, height: number): Promise<void> {
    const listens = /WebDriver BiDi listening on (ws:\S+)/;
    const isGone = () => this.#process.exitCode !== null || this.#process.signalCode !== null;
    await until(
      () => listens.test(this.#said) || isGone(),
      () => `Firefox to listen; it said:\n${this.#said}`,
      STARTS_WITHIN_MS,
    );
    if (isGone()) throw new Error(`Firefox has ended; it said:\n${this.#said}`);
    const socket = new WebSocket(`${listens.exec(this.#said)![1]}/session`, {
      handshakeTimeout: ANSWERS_WITHIN_MS * PATIENCE,
    });
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as Answer));
    socket.on('close', () => this.#refuse('Firefox has closed the connection'));
    await once(socket, 'open');
    await this.#send('session.new', { capabilities: {} });
    await this.#send('session.subscribe', { events: ['log.entryAdded'] });
    const { context } = await this.#send('browsingContext.create', { type: 'tab' });
    this.#context = context as string;
    await this.resize(width, height);
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#send('browsingContext.setViewport', {
      context: this.#context,
      viewport: { width, height },
    });
  }

  async goto(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.#send('browsingContext.reload', { context: this.#context, wait: 'complete' });
  }

  /** Goes on in a tab that nobody has touched; the one before is closed. */
  async newTab(): Promise<void> {
    const before = this.#context;
    const { context } = await this.#send('browsingContext.create', { type: 'tab' });
    this.#context = context as string;
    await this.#send('browsingContext.close', { context: before });
  }

  /** @param expression whose value JSON can carry */
  async evaluate(expression: string): Promise<unknown> {
    const { type, result, exceptionDetails } = (await this.#send('script.evaluate', {
      expression: `(async () => JSON.stringify(await (${expression})) ?? 'null')()`,
      target: { context: this.#context },
      awaitPromise: true,
    })) as { type: string; result?: RemoteValue; exceptionDetails?: { text: string } };
    if (type !== 'success')
      throw new Error(`${expression.slice(0, 300)}: ${exceptionDetails?.text ?? 'no value'}`);
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
          actions: keys
            .map((key) => KEYS[key] ?? key)
            .flatMap((value) => [
              { type: 'keyDown', value },
              { type: 'keyUp', value },
            ]),
        },
      ],
    });
  }

  /** The page on paper. @returns a PDF */
  async print(): Promise<Uint8Array> {
    const { data } = await this.#send('browsingContext.print', { context: this.#context });
    return Buffer.from(data as string, 'base64');
  }

  /** Where downloads are saved. */
  get downloads(): string {
    return this.#profile;
  }

  async close(): Promise<void> {
    this.#socket?.terminate();
    const child = this.#process;
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit', { signal: AbortSignal.timeout(ENDS_WITHIN_MS * PATIENCE) });
    }
    // Its own processes may outlive it for a moment, with the other end of the pipe.
    child.stderr!.destroy();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #send(method: string, params: object): Promise<Record<string, unknown>> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        const asked = JSON.stringify(params).slice(0, 300);
        reject(new Error(`Firefox did not answer ${method} ${asked}`));
      }, ANSWERS_WITHIN_MS * PATIENCE);
      this.#waiting.set(id, ({ type, result, message }) => {
        clearTimeout(timer);
        if (type === 'success') resolve(result ?? {});
        else reject(new Error(`${method}: ${message}`));
      });
      this.#socket!.send(JSON.stringify({ id, method, params }), (error) => {
        if (error) this.#refuse(String(error));
      });
    });
  }

  #refuse(why: string): void {
    for (const [id, tell] of this.#waiting) tell({ id, type: 'error', message: `${why}:\n${this.#said}` });
    this.#waiting.clear();
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
