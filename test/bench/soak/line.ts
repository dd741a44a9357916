/** The line between the board and the daemon, to be unplugged, and to be spoken into. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Line {
  readonly #boardPort: number;
  readonly #sockets = new Set<Socket>();
  #daemon: Socket | null = null;
  #server: Server | null = null;
  #isUnplugged = false;

  constructor(boardPort: number) {
    this.#boardPort = boardPort;
  }

  async start(port: number): Promise<void> {
    const server = createServer((socket) => this.#relay(socket));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.#server = server;
  }

  unplug(): void {
    this.#isUnplugged = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  plugIn(): void {
    this.#isUnplugged = false;
  }

  /** Bytes that no board sent, in the middle of what it sends. */
  speak(bytes: Uint8Array): void {
    this.#daemon?.write(bytes);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()) ?? resolve());
  }

  #relay(daemon: Socket): void {
    if (this.#isUnplugged) {
      daemon.destroy();
      return;
    }
    const board = connect(this.#boardPort, '127.0.0.1');
    this.#daemon = daemon;
    for (const [from, to] of [
      [board, daemon],
      [daemon, board],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
