/** A board behind a serial-to-network server such as ser2net: it listens, the daemon connects. */
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { eventOrAbort, type Output } from './output.ts';

export class TcpOutput implements Output {
  readonly #host: string;
  #port: number;
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();
  readonly #events = new EventEmitter();
  #onCommand: (bytes: Uint8Array) => void = () => {};

  /** @param port 0: any free one, known from `address` after `start` */
  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  get address(): string {
    return `tcp://${this.#host}:${this.#port}`;
  }

  async start(onCommand: (bytes: Uint8Array) => void): Promise<void> {
    this.#onCommand = onCommand;
    await this.plug();
  }

  async listening(signal: AbortSignal): Promise<void> {
    while (this.#sockets.size === 0 && !signal.aborted) {
      await eventOrAbort(this.#events, 'connection', signal);
    }
  }

  async write(bytes: Uint8Array): Promise<boolean> {
    if (this.#sockets.size === 0) return false;
    const copy = bytes.slice();
    for (const socket of this.#sockets) {
      if (!socket.write(copy)) {
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
      }
    }
    return true;
  }

  async unplug(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  async plug(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    try {
      server.listen(this.#port, this.#host);
      await once(server, 'listening');
    } catch (cause) {
      this.#server = null;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new RhythmdError('E_SIM_LISTEN', `cannot listen on ${this.address}: ${reason}`, 'Use port 0', {
        cause,
      });
    }
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    const closed = [...this.#sockets].map((socket) => {
      socket.end();
      return once(socket, 'close').catch(() => {});
    });
    if (server !== null) closed.push(new Promise((resolve) => server.close(resolve as () => void)));
    await Promise.all(closed);
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('data', (bytes) => this.#onCommand(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    this.#events.emit('connection');
  }
}
