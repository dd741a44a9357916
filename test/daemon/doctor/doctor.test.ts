/** The doctor against the simulated board: what is right, and what is wrong with the fix. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Finding } from '@rhythmd/daemon/doctor/finding.ts';
import { runCommand } from '../../support/command.ts';
import { needsProgram } from '../../support/needs.ts';
import { startSimulator } from '../../support/simulator.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-doctor-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function diagnose(t: TestContext, environment: NodeJS.ProcessEnv, ...words: string[]) {
  const folder = folderFor(t);
  const { status, out, err } = await runCommand(['doctor', '--seconds', '3', '--json', ...words], {
    ...process.env,
    STATE_DIRECTORY: folder,
    RHYTHMD_MODEL_PATH: '',
    RHYTHMD_MQTT_EMBEDDED_PORT: '0',
    ...environment,
  });
  assert.notEqual(out, '', err);
  const findings: Finding[] = JSON.parse(out).findings;
  const of = (name: string) => {
    const finding = findings.find((candidate) => candidate.name === name);
    assert.ok(finding, `nothing about ${name}`);
    return finding;
  };
  return { status, of, names: findings.map(({ name }) => name) };
}

test('nonsense is refused before anything is opened', async () => {
  assert.equal((await runCommand(['doctor', '--seconds', '0'])).status, 2);
  assert.equal((await runCommand(['doctor', 'x'])).status, 2);
  assert.equal((await runCommand(['doctor'], { RHYTHMD_SOURCE_URL: 'tcp:x' })).status, 2);
});

test('a board that is not there: the port is the problem, with the fix', async (t) => {
  const { status, of } = await diagnose(t, { RHYTHMD_SOURCE_URL: 'serial:///dev/ttyNOTHING?baud=9600' });
  assert.equal(status, 1);
  assert.equal(of('port').verdict, 'problem');
  assert.match(of('port').text, /E_PORT_MISSING/);
  assert.match(of('port').fix, /rhythmd ports/);
  assert.equal(of('frames').verdict, 'problem');
  assert.equal(of('leads').verdict, 'unknown');
});

test('a healthy board: nothing to mend', async (t) => {
  const simulator = await startSimulator(['play', 'synthetic', '--to', 'tcp:127.0.0.1:0', '--speed', '1']);
  t.after(() => simulator.stop());
  const { status, of, names } = await diagnose(t, { RHYTHMD_SOURCE_URL: simulator.address });
  assert.equal(status, 0);
  assert.deepEqual(
    // Of power, heat and card a computer says what it has.
    names.filter((name) => !['power', 'heat', 'card'].includes(name)),
    'port,permissions,baud,frames,leads,noise,board clock,clock,broker,model,disk'.split(','),
  );
  for (const name of ['port', 'permissions', 'baud', 'frames', 'leads', 'noise', 'disk']) {
    assert.equal(of(name).verdict, 'ok', `${name}: ${of(name).text}`);
  }
  assert.match(of('frames').text, /360/);
  assert.equal(of('model').verdict, 'warning');
});

test('an electrode off and mains hum are found', async (t) => {
  const folder = folderFor(t);
  const script = join(folder, 'faults.toml');
  writeFileSync(script, '[[fault]]\nkind = "hum"\nmv = 0.4\n[[fault]]\nkind = "lead-off"\nat = 2\n');
  const args = ['play', 'synthetic', '--to', 'tcp:127.0.0.1:0', '--faults', script];
  const simulator = await startSimulator(args);
  t.after(() => simulator.stop());
  const { of } = await diagnose(t, { RHYTHMD_SOURCE_URL: simulator.address });
  assert.match(of('leads').text, /an electrode was off/);
  assert.match(of('noise').text, /50 Hz hum of 0\.[34]/);
  assert.match(of('noise').fix, /mains/);
});

test('a wrong baud rate is recognised and named', needsProgram('socat', 'stty'), async (t) => {
  const port = join(folderFor(t), 'board');
  const args = [
    'play',
    'synthetic',
    '--board',
    'ads1292r',
    '--uart',
    '--to',
    `pty:${port}`,
    '--speed',
    '4',
    '--loop',
  ];
  const simulator = await startSimulator(args);
  t.after(() => simulator.stop());
  const { status, of } = await diagnose(t, { RHYTHMD_SOURCE_URL: `serial://${port}?baud=115200` });
  assert.equal(status, 1);
  assert.equal(of('baud').verdict, 'problem');
  assert.match(of('baud').text, /a ads1292r speaks at 57600 baud/);
  assert.match(of('baud').fix, /\?baud=57600/);
});

test('a broker that is not there and one that takes our port', async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const taken = (server.address() as { port: number }).port;
  const source = { RHYTHMD_SOURCE_URL: 'serial:///dev/ttyNOTHING?baud=9600' };
  const busy = await diagnose(t, { ...source, RHYTHMD_MQTT_EMBEDDED_PORT: String(taken) });
  assert.equal(busy.of('broker').verdict, 'warning');
  assert.match(busy.of('broker').text, /is taken/);
  const missing = await diagnose(t, { ...source, RHYTHMD_MQTT_URL: 'mqtt://127.0.0.1:9' });
  assert.equal(missing.of('broker').verdict, 'problem');
  assert.match(missing.of('broker').text, /E_BROKER_UNREACHABLE/);
});
