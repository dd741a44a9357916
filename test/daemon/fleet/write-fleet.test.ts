import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '@rhythmd/daemon/config/load.ts';
import { readFleet } from '@rhythmd/daemon/fleet/fleet-file.ts';
import { writeFleet } from '@rhythmd/daemon/fleet/write-fleet.ts';
import { needsProgram } from '../../support/needs.ts';

const FILE = `
brokers = ["mqtts://127.0.0.1:8883", "wss://broker.example.org/ws"]
certificates = true
[[device]]
id = "bed-[1-3]"
label = "Bed [1-3]"
ward = "ward-3"
[[user]]
name = "anna"
role = "nurse"
`;

function setUp(t: TestContext, text = FILE) {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'fleet.toml');
  writeFileSync(file, text);
  return { file, out: join(folder, 'out') };
}

test('each device has what its daemon needs; made again nothing changes', needsProgram('openssl'), (t) => {
  const { file, out } = setUp(t);
  const first = writeFleet(readFleet(file), out, []);
  assert.deepEqual(first.renewed, ['bed-1', 'bed-2', 'bed-3', 'anna']);
  const { device, mqtt } = loadConfig(join(out, 'devices/bed-2/config.toml'), {});
  assert.equal(device.id, 'bed-2');
  assert.equal(mqtt.base, 'ecg/ward-3');
  assert.equal(
    mqtt.url,
    'wss://broker.example.org/ws,mqtts://127.0.0.1:8883',
    'the second bed begins with the second',
  );
  const password = join(out, 'devices/bed-2/mqtt-password');
  assert.equal(statSync(password).mode & 0o777, 0o600);
  const before = readFileSync(password, 'utf8');
  const certificate = readFileSync(join(out, 'devices/bed-2/mqtt.pem'), 'utf8');
  assert.deepEqual(writeFleet(readFleet(file), out, []).renewed, []);
  assert.equal(readFileSync(password, 'utf8'), before);

  assert.deepEqual(writeFleet(readFleet(file), out, ['bed-2']).renewed, ['bed-2']);
  assert.notEqual(readFileSync(password, 'utf8'), before);
  assert.notEqual(readFileSync(join(out, 'devices/bed-2/mqtt.pem'), 'utf8'), certificate);
  assert.throws(() => writeFleet(readFleet(file), out, ['nobody']), { code: 'E_FLEET' });

  writeFileSync(file, FILE.replace('bed-[1-3]', 'bed-[1-2]').replace('Bed [1-3]', 'Bed [1-2]'));
  assert.deepEqual(writeFleet(readFleet(file), out, []).removed, ['bed-3']);
  assert.ok(!existsSync(join(out, 'devices/bed-3')));
  assert.doesNotMatch(readFileSync(join(out, 'broker/passwords'), 'utf8'), /bed-3/);
  assert.match(readFileSync(join(out, 'wards/ward-3.toml'), 'utf8'), /label = "Bed 2"/);
  execFileSync('openssl', [
    'verify',
    '-CAfile',
    join(out, 'broker/ca.pem'),
    join(out, 'broker/server.pem'),
    join(out, 'devices/bed-1/mqtt.pem'),
  ]);
});
