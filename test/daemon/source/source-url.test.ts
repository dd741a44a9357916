import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSourceUrl } from '@rhythmd/daemon/source/source-url.ts';

const max = Number.POSITIVE_INFINITY;

for (const [url, why] of [
  ['', /it is no URL/],
  ['208', /it is no URL/],
  ['http://x', /no kind of source called "http"/],
  ['tcp://', /host and port/],
  ['tcp://host', /host and port/],
  ['tcp://host:0', /host and port/],
  ['tcp://host:70000', /host and port/],
  ['wfdb:', /a record is needed/],
  ['wfdb:208?speed=fast', /speed=fast: 0.01 to 10000, or max/],
  ['wfdb:208?speed=-1', /speed=-1/],
  ['sim:208?lop=true', /no option "lop"/],
  ['sim:208?loop=maybe', /loop=maybe: true or false/],
  ['serial:///dev/ttyUSB0?baud=fast', /baud=fast: 300 to 4000000/],
  ['serial:///dev/ttyUSB0?board=x', /no option "board"/],
  ['stdin:x', /takes no address/],
] as const) {
  test(`refuses "${url}" with the reason`, () => {
    assert.throws(() => parseSourceUrl(url), { code: 'E_SOURCE_URL', message: why });
  });
}

for (const [url, address] of [
  ['serial:///dev/ttyUSB0?baud=9600', { kind: 'serial', path: '/dev/ttyUSB0', baud: 9600, speed: 1 }],
  ['serial:', { kind: 'serial', path: null, baud: null, speed: 1 }],
  ['tcp://127.0.0.1:9000', { kind: 'tcp', host: '127.0.0.1', port: 9000, speed: 1 }],
  ['tcp://[::1]:9000?speed=20', { kind: 'tcp', host: '::1', port: 9000, speed: 20 }],
  ['wfdb:///path/208?speed=max', { kind: 'wfdb', record: '/path/208', speed: max, loop: false, fromS: 0 }],
  ['wfdb:../data/208?loop=true', { kind: 'wfdb', record: '../data/208', speed: 1, loop: true, fromS: 0 }],
  ['stdin:', { kind: 'stdin', speed: 1 }],
  ['sim:208', { kind: 'sim', record: '208', speed: 1, loop: false, board: null, options: [] }],
  [
    'sim:208?speed=2&board=cyton&seed=3&loop',
    { kind: 'sim', record: '208', speed: 2, loop: true, board: 'cyton', options: ['--seed', '3'] },
  ],
] as const) {
  test(`understands ${url}`, () => assert.deepEqual(parseSourceUrl(url), address));
}
