/**
 * The serial ports of this computer, under the names that stay the same when a board is plugged in again. Read
 * from sysfs: serialport's own list needs udevadm, which a small system may not have.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface SerialPortInfo {
  /** `/dev/ttyUSB0` */
  readonly path: string;
  /** `/dev/serial/by-id/...`; null where udev made none. */
  readonly byId: string | null;
  /** `vendor:product`, lower-case hex; null for ports that are not USB. */
  readonly usbId: string | null;
  readonly manufacturer: string | null;
}

/** Where the system shows its devices; tests have their own. */
export interface SystemFolders {
  readonly tty: string;
  readonly dev: string;
}

const SYSTEM: SystemFolders = { tty: '/sys/class/tty', dev: '/dev' };
/** Terminals that are ports: USB adapters, USB CDC, UARTs of the Pi and of PCs, Bluetooth. */
const PORT_NAME = /^tty(USB|ACM|AMA|S|O|mxc)\d+$|^rfcomm\d+$/;

/** By-id names first, then USB, then the rest. */
export function listPorts(system: SystemFolders = SYSTEM): SerialPortInfo[] {
  const links = byIdLinks(system);
  const ports = namesIn(system.tty)
    .filter((name) => PORT_NAME.test(name) && isRealPort(join(system.tty, name)))
    .map((name): SerialPortInfo => {
      const path = join(system.dev, name);
      return { path, byId: links.get(path) ?? null, ...usbFacts(join(system.tty, name, 'device')) };
    });
  const rank = (port: SerialPortInfo) => (port.byId !== null ? 0 : port.usbId !== null ? 1 : 2);
  return ports.sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path, 'en', { numeric: true }));
}

/** The by-id name of a port that is there now; null when it has none. */
export function byIdName(path: string, system: SystemFolders = SYSTEM): string | null {
  try {
    return byIdLinks(system).get(realpathSync(path)) ?? null;
  } catch {
    return null;
  }
}

/** Device path -> by-id name. */
function byIdLinks({ dev }: SystemFolders): Map<string, string> {
  const folder = join(dev, 'serial/by-id');
  const links = new Map<string, string>();
  for (const name of namesIn(folder)) {
    const link = join(folder, name);
    // A link may lead nowhere for the moment in which its port goes away.
    if (existsSync(link)) links.set(realpathSync(link), link);
  }
  return links;
}

/** PCs show 32 UARTs of which most do not exist: those have no port number. */
function isRealPort(folder: string): boolean {
  if (!existsSync(join(folder, 'device'))) return false;
  const type = join(folder, 'type');
  return !existsSync(type) || readFileSync(type, 'utf8').trim() !== '0';
}

/** From the nearest USB device above a port. */
function usbFacts(device: string): Pick<SerialPortInfo, 'usbId' | 'manufacturer'> {
  if (!existsSync(device)) return { usbId: null, manufacturer: null };
  for (let folder = realpathSync(device); folder !== dirname(folder); folder = dirname(folder)) {
    const vendor = textOf(join(folder, 'idVendor'));
    const product = textOf(join(folder, 'idProduct'));
    if (vendor === null || product === null) continue;
    return {
      usbId: `${vendor}:${product}`.toLowerCase(),
      manufacturer: textOf(join(folder, 'manufacturer')),
    };
  }
  return { usbId: null, manufacturer: null };
}

function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
