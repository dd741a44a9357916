/**
 * A serial port without a native library: `stty` sets the line, and the engine reads it as it reads any terminal. Opening
 * a port asserts DTR and RTS by itself, and no program but this one is kept from opening it.
 */
import { execFile } from 'node:child_process';
import { close, constants, open, write } from 'node:fs';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { portProblem } from './port-problem.ts';
import type { SerialLine, SerialLineHandlers } from './serial-line.ts';

/** Eight bits as they come: no echo, no lines, no flow control, no waiting for a carrier, no hang-up at the end. */
const RAW = 'raw -echo -echoe -echok cs8 -parenb -cstopb -crtscts -ixon -ixoff clocal -hupcl'.split(' ');
const STTY_WITHIN_MS = 5000;

/** @throws RhythmdError E_PORT_... */
export async function openTerminalLine(
  path: string,
  baud: number,
  handlers: SerialLineHandlers,
): Promise<SerialLine> {
  const descriptor = await opened(path);
  let input: ReadStream;
  try {
    if (!isatty(descriptor)) throw new Error('it is no serial port');
    await promisify(execFile)('stty', ['-F', path, String(baud), ...RAW], { timeout: STTY_WITHIN_MS });
    input = new ReadStream(descriptor);
  } catch (cause) {
    close(descriptor, () => {});
    throw portProblem(path, cause instanceof Error ? cause : new Error(String(cause)));
  }
  let isOurs = true;
  let why: Error | null = null;
  input.on('data', (bytes: Uint8Array) => handlers.data(bytes));
  // A hang-up reads as an error (EIO) or as an end.
  input.on('error', (error) => {
    why = error;
    input.destroy();
  });
  input.on('end', () => input.destroy());
  input.on('close', () => {
    if (isOurs) handlers.lost(why);
    isOurs = false;
  });
  return {
    // Commands of a few bytes: what a full buffer does not take is lost, as with any line.
    write: (bytes) => {
      if (isOurs) write(descriptor, bytes, () => {});
    },
    close: async () => {
      isOurs = false;
      if (input.destroyed) return;
      await new Promise<void>((resolve) => {
        input.once('close', () => resolve());
        input.destroy();
      });
    },
  };
}

/** Not as the terminal of this program, and without waiting for a carrier. */
function opened(path: string): Promise<number> {
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  return new Promise((resolve, reject) => {
    open(path, O_RDWR | O_NOCTTY | O_NONBLOCK, (error, descriptor) => {
      if (error) reject(portProblem(path, error));
      else resolve(descriptor);
    });
  });
}
