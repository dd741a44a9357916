/** A pty does not care about speed; a UART does. Asks for the speed the reader has set and garbles accordingly. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readAtOtherBaud } from '../faults/uart.ts';

/** The reader sets its speed right after opening, and rarely changes it. */
const ASK_EVERY_MS = 200;

export class UartLine {
  readonly #path: string;
  readonly #baud: number;
  #readBaud: number;
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(path: string, baud: number) {
    this.#path = path;
    this.#baud = baud;
    this.#readBaud = baud;
  }

  /** What the reader makes of these bytes. */
  async asRead(bytes: Uint8Array): Promise<Uint8Array> {
    if (performance.now() - this.#askedMs >= ASK_EVERY_MS) {
      this.#readBaud = (await this.#ask()) ?? this.#readBaud;
      this.#askedMs = performance.now();
    }
    if (this.#readBaud === this.#baud) return bytes.slice();
    return readAtOtherBaud(bytes, this.#baud, this.#readBaud);
  }

  /** null when the port is being closed, or is locked against others. */
  async #ask(): Promise<number | null> {
    try {
      const { stdout } = await promisify(execFile)('stty', ['-F', this.#path, 'speed'], { timeout: 2000 });
      const baud = Number(stdout.trim());
      return baud > 0 ? baud : null;
    } catch {
      return null;
    }
  }
}
