/** By the native library, or by the system's own tools where that library has no build. */
import { openNativeLine } from './native-line.ts';
import type { OpenSerialLine } from './serial-line.ts';
import { openTerminalLine } from './terminal-line.ts';

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
