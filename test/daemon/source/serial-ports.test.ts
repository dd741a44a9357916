import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { byIdName, listPorts } from '@rhythmd/daemon/source/serial-ports.ts';

/** A computer with an Arduino, a UART that exists, one that does not, and a console. */
function computer(): { root: string; tty: string; dev: string } {
  const root = mkdtempSync(join(tmpdir(), 'rhythmd-ports-'));
  const [tty, dev, usb] = [join(root, 'tty'), join(root, 'dev'), join(root, 'devices/usb1/1-1')];
  const add = (name: string, device: string | null, type?: string) => {
    mkdirSync(join(tty, name), { recursive: true });
    mkdirSync(dev, { recursive: true });
    writeFileSync(join(dev, name), '');
    if (device !== null) symlinkSync(device, join(tty, name, 'device'));
    if (type !== undefined) writeFileSync(join(tty, name, 'type'), `${type}\n`);
  };
  mkdirSync(join(usb, '1-1:1.0'), { recursive: true });
  mkdirSync(join(root, 'devices/platform/uart'), { recursive: true });
  writeFileSync(join(usb, 'idVendor'), '2341\n');
  writeFileSync(join(usb, 'idProduct'), '0043\n');
  writeFileSync(join(usb, 'manufacturer'), 'Arduino\n');
  add('ttyACM10', join(usb, '1-1:1.0'));
  add('ttyACM2', join(usb, '1-1:1.0'));
  add('ttyS0', join(root, 'devices/platform/uart'), '4');
  add('ttyS1', join(root, 'devices/platform/uart'), '0');
  add('tty1', null);
  mkdirSync(join(dev, 'serial/by-id'), { recursive: true });
  symlinkSync(join(dev, 'ttyACM10'), join(dev, 'serial/by-id/usb-Arduino_Uno-if00'));
  symlinkSync(join(dev, 'gone'), join(dev, 'serial/by-id/usb-Gone-if00'));
  return { root, tty, dev };
}

test('a computer without any port has none', () => {
  assert.deepEqual(listPorts({ tty: '/no/such', dev: '/no/such' }), []);
  assert.equal(byIdName('/no/such/port'), null);
});

test('ports come by-id first, then USB, then the rest; what is no port is left out', (t) => {
  const { root, tty, dev } = computer();
  t.after(() => rmSync(root, { recursive: true }));
  const byId = join(dev, 'serial/by-id/usb-Arduino_Uno-if00');
  assert.deepEqual(listPorts({ tty, dev }), [
    { path: join(dev, 'ttyACM10'), byId, usbId: '2341:0043', manufacturer: 'Arduino' },
    { path: join(dev, 'ttyACM2'), byId: null, usbId: '2341:0043', manufacturer: 'Arduino' },
    { path: join(dev, 'ttyS0'), byId: null, usbId: null, manufacturer: null },
  ]);
  assert.equal(byIdName(join(dev, 'ttyACM10'), { tty, dev }), byId);
});
