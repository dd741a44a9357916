/** What the source is doing, as it said last, and what of it the log has been told. */
import { describeError, type RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Logger } from '../log/logger.ts';
import type { SourceState, SourceStatus } from './source.ts';

export class SourceWatch {
  readonly #log: Logger;
  #state: SourceState = 'opening';
  /** The code told last. */
  #told: string | null = null;
  #problem: RhythmdError | null = null;
  #stallReason: string | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** What keeps the source from streaming now. */
  get problem(): RhythmdError | null {
    return this.#problem;
  }

  /** Why no samples come; null: they do, or are about to. */
  get stallReason(): string | null {
    return this.#stallReason;
  }

  /** @returns why nothing streams now, null: it does; and whether it did before */
  changed({ state, text, problem }: SourceStatus): { reason: string | null; wasStreaming: boolean } {
    this.#tell(state, text, problem);
    const isStreaming = state === 'streaming';
    const wasStreaming = this.#state === 'streaming';
    this.#state = state;
    this.#problem = isStreaming ? null : problem;
    // A line that has just been opened is no stall yet: a stream that begins on it is about to deliver.
    this.#stallReason = isStreaming || state === 'opening' || state === 'listening' ? null : text;
    return { reason: isStreaming ? null : text, wasStreaming };
  }

  /** Trouble is told once with its fix, and again only after it was over; retries are for who debugs. */
  #tell(state: SourceState, text: string, problem: RhythmdError | null): void {
    if (problem !== null && problem.code !== this.#told) this.#log.warn(() => describeError(problem));
    else if (state === 'streaming' || state === 'ended') this.#log.info(text);
    else this.#log.debug(text);
    if (problem !== null) this.#told = problem.code;
    else if (state === 'streaming') this.#told = null;
  }
}
