/** A board behind a network server (ser2net, the simulator). */
import { connect, type Socket } from 'node:net';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Link, LinkHandlers } from './link.ts';

const CONNECT_WITHIN_MS = 5000;
/** A host that vanished without a word is noticed by the kernel's probes, not only by the stall watchdog. */
const KEEP_ALIVE_MS = 10_000;

export class TcpLink implements Link {
  readonly #host: string;
  readonly #port: number;
  readonly baud = null;
  readonly replay = false;
  readonly playing = null;
  #socket: Socket | null = null;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  get name(): string {
    return `tcp://${this.#host}:${this.#port}`;
  }

  open(handlers: LinkHandlers): Promise<void> {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#socket = socket;
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setTimeout(CONNECT_WITHIN_MS, () => socket.destroy(new Error('no answer')));
    return new Promise((resolve, reject) => {
      let problem: RhythmdError | null = null;
      let opened = false;
      socket.on('connect', () => {
        socket.setTimeout(0);
        opened = true;
        resolve();
      });
      socket.on('data', (bytes) => handlers.data(bytes));
      socket.on('error', (cause) => {
        problem = this.#problem(cause, opened);
      });
      socket.on('close', () => {
        if (!opened) return reject(problem ?? this.#problem(new Error('closed'), false));
        if (this.#socket === socket) handlers.closed(problem, false);
      });
    });
  }

  write(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }

  #problem(cause: Error, opened: boolean): RhythmdError {
    const code = (cause as NodeJS.ErrnoException).code;
    const reason = code === 'ECONNREFUSED' ? 'nothing listens there' : cause.message;
    return opened
      ? new RhythmdError('E_SOURCE_LOST', `${this.name} broke off: ${reason}`, '', { cause })
      : new RhythmdError(
          'E_SOURCE_CONNECT',
          `cannot connect to ${this.name}: ${reason}`,
          'Start ser2net or the simulator there, or correct source.url',
          { cause },
        );
  }
}
