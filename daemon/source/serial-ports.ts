/** The serial ports of this computer, under the names that stay the same when a board is plugged in again. */
import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

const BY_ID = '/dev/serial/by-id';

export interface SerialPortInfo {
  /** `/dev/ttyUSB0` */
  readonly path: string;
  /** `/dev/serial/by-id/...`; null where udev made none. */
  readonly byId: string | null;
  /** `vendor:product`, lower-case hex; null for ports that are not USB. */
  readonly usbId: string | null;
  readonly manufacturer: string | null;
}

/** By-id names first. */
export async function listPorts(): Promise<SerialPortInfo[]> {
  const { SerialPort } = await import('serialport');
  const links = byIdLinks();
  const ports = (await SerialPort.list()).map((port) => ({
    path: port.path,
    byId: links.get(port.path) ?? null,
    usbId: port.vendorId && port.productId ? `${port.vendorId}:${port.productId}`.toLowerCase() : null,
    manufacturer: port.manufacturer ?? null,
  }));
  const rank = (port: SerialPortInfo) => (port.byId !== null ? 0 : port.usbId !== null ? 1 : 2);
  return ports.sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
}

/** The by-id name of a port that is there now; null when it has none. */
export function byIdName(path: string): string | null {
  try {
    return byIdLinks().get(realpathSync(path)) ?? null;
  } catch {
    return null;
  }
}

/** Device path -> by-id name. */
function byIdLinks(): Map<string, string> {
  const links = new Map<string, string>();
  try {
    for (const name of readdirSync(BY_ID)) {
      const link = join(BY_ID, name);
      links.set(realpathSync(link), link);
    }
  } catch {
    // No such folder: no USB port, or no udev.
  }
  return links;
}
