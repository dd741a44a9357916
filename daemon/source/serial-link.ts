/** A serial port: found, opened, found again under another name. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { likelyBauds } from './board-probe.ts';
import type { Link, LinkHandlers } from './link.ts';
import { openSerialLine } from './open-serial-line.ts';
import type { OpenSerialLine, SerialLine } from './serial-line.ts';
import { byIdName, listPorts } from './serial-ports.ts';

export interface SerialLinkOptions {
  /** null: the first USB port. */
  readonly path: string | null;
  /** null: not known; likely ones are tried in turn. */
  readonly baud: number | null;
}

export class SerialLink implements Link {
  readonly replay = false;
  readonly playing = null;
  readonly #options: SerialLinkOptions;
  #path: string | null;
  /** The name that survives replugging, once it is known. */
  #stableName: string | null = null;
  #bauds: readonly number[];
  #turn = 0;
  readonly #openLine: OpenSerialLine;
  #line: SerialLine | null = null;

  constructor(options: SerialLinkOptions, openLine: OpenSerialLine = openSerialLine) {
    this.#options = options;
    this.#openLine = openLine;
    this.#path = options.path;
    this.#bauds = options.baud === null ? likelyBauds(null) : [options.baud];
  }

  get name(): string {
    return `${this.#stableName ?? this.#path ?? 'the first USB serial port'} at ${this.baud} baud`;
  }

  get baud(): number {
    return this.#bauds[this.#turn % this.#bauds.length]!;
  }

  /** Takes the next likely speed for the next `open`; @returns false when there is only one. */
  nextBaud(): boolean {
    this.#turn++;
    return this.#bauds.length > 1;
  }

  async open(handlers: LinkHandlers): Promise<void> {
    const path = this.#stableName ?? this.#path ?? this.#firstPort();
    const line = await this.#openLine(path, this.baud, {
      data: (bytes) => handlers.data(bytes),
      lost: (cause) => {
        this.#line = null;
        const lost = new RhythmdError(
          'E_PORT_UNPLUGGED',
          `${this.#stableName ?? path} is gone`,
          'Plug the board in again; it is looked for',
          { cause },
        );
        handlers.closed(lost, false);
      },
    });
    this.#line = line;
    this.#stableName ??= byIdName(path);
  }

  write(bytes: Uint8Array): void {
    this.#line?.write(bytes);
  }

  async close(): Promise<void> {
    const line = this.#line;
    this.#line = null;
    await line?.close();
  }

  /** Without a name: the first USB port, and the speeds of the boards that have its chip. */
  #firstPort(): string {
    const port = listPorts().find((candidate) => candidate.usbId !== null);
    if (port === undefined) {
      throw new RhythmdError(
        'E_PORT_NONE',
        'there is no USB serial port',
        'Plug the board in, or name its port',
      );
    }
    if (this.#options.baud === null && this.#turn === 0) this.#bauds = likelyBauds(port.usbId);
    this.#path = port.byId ?? port.path;
    return this.#path;
  }
}
