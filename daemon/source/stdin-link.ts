/** Bytes piped into the daemon. */
import type { Link, LinkHandlers } from './link.ts';

export class StdinLink implements Link {
  readonly name = 'standard input';
  readonly baud = null;
  readonly replay = false;
  readonly playing = null;
  readonly #input: NodeJS.ReadableStream;
  #detach: () => void = () => {};

  constructor(input: NodeJS.ReadableStream = process.stdin) {
    this.#input = input;
  }

  async open(handlers: LinkHandlers): Promise<void> {
    const onData = (bytes: Uint8Array) => handlers.data(bytes);
    const onEnd = () => {
      this.#detach();
      handlers.closed(null, true);
    };
    this.#input.on('data', onData).on('end', onEnd).on('error', onEnd);
    this.#detach = () => this.#input.off('data', onData).off('end', onEnd).off('error', onEnd);
  }

  write(): void {}

  async close(): Promise<void> {
    this.#detach();
    this.#input.pause();
  }
}
