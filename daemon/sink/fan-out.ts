/** One sink in front of many: each gets every event, and one that fails does not keep it from the others. */
import { describeError } from '@rhythmd/ecg/errors.ts';
import type { Logger } from '../log/logger.ts';
import type { Sink } from '../publish/sink.ts';

type EventName = Exclude<keyof Sink, 'name' | 'start' | 'stop' | 'counters'>;

interface Taker {
  readonly sink: Sink;
  readonly take: (...event: unknown[]) => void;
}

export class FanOut {
  readonly #sinks: readonly Sink[];
  readonly #log: Logger;
  /** Of each event, who takes it: asked once, as samples come fifty times a second. */
  readonly #takers = new Map<EventName, readonly Taker[]>();
  #failures = 0;

  constructor(sinks: readonly Sink[], log: Logger) {
    this.#sinks = sinks;
    this.#log = log;
  }

  /** Starts all at once. One that cannot start is left out and named; the others and acquisition go on. */
  async start(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => this.#attempt(sink, 'start', () => sink.start())));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => this.#attempt(sink, 'stop', () => sink.stop())));
  }

  send<Name extends EventName>(name: Name, ...event: Parameters<NonNullable<Sink[Name]>>): void {
    let takers = this.#takers.get(name);
    if (takers === undefined) {
      takers = this.#sinks.flatMap((sink) => {
        const take = sink[name] as Taker['take'] | undefined;
        return take === undefined ? [] : [{ sink, take }];
      });
      this.#takers.set(name, takers);
    }
    for (const { sink, take } of takers) {
      try {
        take.apply(sink, event);
      } catch (error) {
        this.#failed(sink, name, error);
      }
    }
  }

  /** Every sink's counters (they carry their sink's name), and our own. */
  counters(): Record<string, number> {
    const all: Record<string, number> = { sink_failures: this.#failures };
    for (const sink of this.#sinks) Object.assign(all, sink.counters?.());
    return all;
  }

  async #attempt(sink: Sink, what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#failed(sink, what, error);
    }
  }

  #failed(sink: Sink, what: string, error: unknown): void {
    this.#failures++;
    this.#log.error(() => `${sink.name} ${what}: ${describeError(error)}`);
  }
}
