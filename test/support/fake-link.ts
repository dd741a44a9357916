/** A line without a wire: what the test sends arrives, what the daemon writes is kept. */

import type { Link, LinkHandlers } from '@rhythmd/daemon/source/link.ts';
import type { RhythmdError } from '@rhythmd/ecg/errors.ts';

export class FakeLink implements Link {
  readonly name = 'the fake line';
  readonly replay = false;
  readonly playing = null;
  readonly baud = 115200;
  readonly written: Uint8Array[] = [];
  opens = 0;
  isOpen = false;
  /** Thrown by the next `open`s, first one first. */
  problems: RhythmdError[] = [];
  #handlers: LinkHandlers | null = null;

  async open(handlers: LinkHandlers): Promise<void> {
    const problem = this.problems.shift();
    if (problem) throw problem;
    this.opens++;
    this.isOpen = true;
    this.#handlers = handlers;
  }

  write(bytes: Uint8Array): void {
    this.written.push(bytes);
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.#handlers = null;
  }

  send(bytes: Uint8Array): void {
    this.#handlers?.data(bytes);
  }

  breakOff(error: RhythmdError | null, final: boolean): void {
    const handlers = this.#handlers;
    this.#handlers = null;
    this.isOpen = false;
    handlers?.closed(error, final);
  }
}
