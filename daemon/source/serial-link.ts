/** A serial port: found, opened, found again under another name. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { SerialPort } from 'serialport';
import { likelyBauds } from './board-probe.ts';
import type { Link, LinkHandlers } from './link.ts';
import { portProblem } from './port-problem.ts';
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
  #port: SerialPort | null = null;

  constructor(options: SerialLinkOptions) {
    this.#options = options;
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
    // A native library: loaded by whoever opens a serial port, and nobody else.
    const { SerialPort } = await import('serialport');
    const port = new SerialPort({ path, baudRate: this.baud, autoOpen: false, hupcl: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(portProblem(path, error)) : resolve()));
    });
    this.#port = port;
    this.#stableName ??= byIdName(path);
    port.on('data', (bytes: Uint8Array) => handlers.data(bytes));
    port.on('error', () => {});
    port.on('close', (error: Error | null) => {
      if (this.#port !== port) return;
      this.#port = null;
      const lost = new RhythmdError(
        'E_PORT_UNPLUGGED',
        `${this.#stableName ?? path} is gone`,
        'Plug the board in again; it is looked for',
        { cause: error },
      );
      handlers.closed(lost, false);
    });
    // HealthyPi 5 and other boards on USB CDC send only while the host asserts DTR.
    await new Promise<void>((resolve) => port.set({ dtr: true, rts: true }, () => resolve()));
  }

  write(bytes: Uint8Array): void {
    this.#port?.write(bytes);
  }

  async close(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    if (port?.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
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
