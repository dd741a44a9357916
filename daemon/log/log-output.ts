/**
 * Standard error as the way out of the log. Nothing that happens at its other end reaches acquisition: a reader that
 * ended, a full disk, a terminal that was stopped with Ctrl-S cost lines, which are counted and told when it takes
 * lines again. `process.stderr` would throw for the first two and wait for ever for the third.
 */
import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';

const STANDARD_ERROR = 2;
/** What a journal that has stopped reading may keep waiting in memory. */
const MAX_WAITING_BYTES = 64 * 1024;

/** @returns false when it takes nothing now */
type Put = (text: string) => boolean;

export class LogOutput {
  readonly #put: Put;
  #lost = 0;

  constructor(put: Put) {
    this.#put = put;
  }

  /** @param descriptor of what is open for writing */
  static open(descriptor = STANDARD_ERROR): LogOutput {
    return new LogOutput(isSocket(descriptor) ? toSocket(descriptor) : toFile(descriptor));
  }

  /** One line, without its end. Never throws, never waits. */
  write(line: string): void {
    const gap = this.#lost === 0 ? '' : `(${this.#lost} lines of the log were lost: nobody took them)\n`;
    if (this.#put(`${gap}${line}\n`)) this.#lost = 0;
    else this.#lost++;
  }
}

function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}

/** A pipe, a terminal or a file, opened anew: whether it waits is a property of the opening, shared with others. */
function toFile(descriptor: number): Put {
  let own = descriptor;
  try {
    const { O_WRONLY, O_NONBLOCK, O_APPEND, O_NOCTTY } = constants;
    own = openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_APPEND | O_NOCTTY);
  } catch {
    // Not on this system, or not allowed: as it was opened then.
  }
  return (text) => {
    try {
      writeSync(own, text);
      return true;
    } catch {
      return false;
    }
  };
}

/** The journal of systemd, or a parent that is Node: a socket cannot be opened anew, but waits for nobody here. */
function toSocket(descriptor: number): Put {
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  socket.on('error', () => {});
  socket.unref();
  return (text) => {
    if (socket.destroyed || socket.writableLength > MAX_WAITING_BYTES) return false;
    socket.write(text);
    return true;
  };
}
