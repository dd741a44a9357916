/** Which blocks of our code ran: V8's own counters, so that inputs which reach something new are kept. */
import { Session } from 'node:inspector/promises';

interface Block {
  readonly startOffset: number;
  readonly count: number;
}

export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  get blocks(): number {
    return this.#seen.size;
  }

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** @returns how many blocks ran for the first time since the last call */
  async take(): Promise<number> {
    const before = this.#seen.size;
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    for (const script of result) {
      if (!isOurs(script.url)) continue;
      for (const { ranges } of script.functions) {
        for (const { startOffset, count } of ranges as readonly Block[]) {
          if (count > 0) this.#seen.add(`${script.scriptId}:${startOffset}`);
        }
      }
    }
    return this.#seen.size - before;
  }
}

/** The parsers, without the tests and what others wrote. */
function isOurs(url: string): boolean {
  return (
    url.startsWith('file:') &&
    /\/(ecg|protocol|records|daemon|firmware-sim)\//.test(url) &&
    !url.includes('node_modules')
  );
}
