/** A serial port. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { SerialPort } from 'serialport';
import type { Link, LinkHandlers } from './link.ts';
import { portProblem } from './port-problem.ts';

export class SerialLink implements Link {
  readonly baud: number;
  readonly replay = false;
  readonly playing = null;
  readonly #path: string;
  #port: SerialPort | null = null;

  constructor(path: string, baud: number) {
    this.#path = path;
    this.baud = baud;
  }

  get name(): string {
    return `${this.#path} at ${this.baud} baud`;
  }

  async open(handlers: LinkHandlers): Promise<void> {
    // A native library: loaded by whoever opens a serial port, and nobody else.
    const { SerialPort } = await import('serialport');
    const port = new SerialPort({ path: this.#path, baudRate: this.baud, autoOpen: false, hupcl: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(portProblem(this.#path, error)) : resolve()));
    });
    this.#port = port;
    port.on('data', (bytes: Uint8Array) => handlers.data(bytes));
    port.on('error', () => {});
    port.on('close', (error: Error | null) => {
      if (this.#port !== port) return;
      this.#port = null;
      const lost = new RhythmdError(
        'E_PORT_UNPLUGGED',
        `${this.#path} is gone`,
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
}
