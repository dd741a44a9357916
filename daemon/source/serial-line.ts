/** An open serial port, by the native library or by the system's own tools where that library has no build. */
import { openNativeLine } from './native-line.ts';
import { openTerminalLine } from './terminal-line.ts';

export interface SerialLineHandlers {
  /** The array is the receiver's to keep. */
  data(bytes: Uint8Array): void;
  /** The port is gone, once, unless `close` was called. */
  lost(cause: Error | null): void;
}

export interface SerialLine {
  /** Sends what can be sent; what can't is lost. */
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** @throws RhythmdError E_PORT_... saying why it does not open */
export type OpenSerialLine = (path: string, baud: number, handlers: SerialLineHandlers) => Promise<SerialLine>;

export const openSerialLine: OpenSerialLine = async (path, baud, handlers) => {
  const library = await loadLibrary();
  return library === null
    ? openTerminalLine(path, baud, handlers)
    : openNativeLine(library, path, baud, handlers);
};

/** Loaded by whoever opens a serial port, and nobody else. @returns null where it is not installed or not for this processor */
async function loadLibrary(): Promise<typeof import('serialport') | null> {
  try {
    return await import('serialport');
  } catch {
    return null;
  }
}
