import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { checkConfig, loadConfig } from '@rhythmd/daemon/config/load.ts';
import { runCommand } from '../../support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-config-'));
after(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(
    folder,
    `${Math.abs(text.length)}-${Buffer.from(text).toString('hex').slice(0, 12)}.toml`,
  );
  writeFileSync(path, text);
  return path;
}

test('every problem is named at once, with its path and what is allowed', () => {
  const table = {
    mqtt: { embedded_port: 70000, url: 'http://x', prot: 1 },
    web: { port: 80.5, host: 7 },
    lgo: {},
    records: 'data',
    log: { format: 'xml' },
  };
  assert.throws(
    () => checkConfig(table, {}, 'some.toml'),
    (error: Error & { code: string }) => {
      assert.equal(error.code, 'E_CONFIG_INVALID');
      const expected = [
        /some\.toml: /,
        /mqtt\.embedded_port: is 70000, must be a whole number from 0 to 65535/,
        /mqtt\.url: is "http:\/\/x", must be mqtt:\/\/, mqtts:\/\//,
        /mqtt\.prot: no such key/,
        /web\.port: is 80\.5, must be a whole number/,
        /web\.host: is 7, must be a text/,
        /lgo: no such key, did you mean log\?/,
        /records: is "data", must be a table \[records\]/,
        /log\.format: is "xml", must be one of text, json/,
      ];
      for (const pattern of expected) assert.match(error.message, pattern);
      return true;
    },
  );
});

test('a missing file and one that is not TOML are refused with the place', async () => {
  const missing = await runCommand(['config', 'check', '--config', join(folder, 'none.toml')]);
  assert.equal(missing.status, 2);
  assert.match(missing.err, /^E_CONFIG_FILE: .*none\.toml/);
  const broken = await runCommand(['config', 'check', '--config', file('[web]\nport = = 3\n')]);
  assert.equal(broken.status, 2);
  assert.match(broken.err, /^E_CONFIG_SYNTAX: .*:2:8: /);
  assert.doesNotMatch(broken.err, /\n/);
});

test('the environment wins over the file, is checked alike, and a misspelt name is refused', () => {
  const path = file('[web]\nport = 9000\n');
  assert.equal(loadConfig(path, {}).web.port, 9000);
  assert.equal(loadConfig(path, { RHYTHMD_WEB_PORT: '9001' }).web.port, 9001);
  const folders = ['/a', '/b'].join(delimiter);
  assert.deepEqual(loadConfig(path, { RHYTHMD_RECORDS_FOLDERS: folders }).records.folders, ['/a', '/b']);
  assert.throws(
    () => loadConfig(path, { RHYTHMD_WEB_PORT: 'x', RHYTHMD_WEB_PROT: '1' }),
    /RHYTHMD_WEB_PROT: no such key; RHYTHMD_WEB_PORT: is "x", must be a whole number/,
  );
  assert.doesNotThrow(() => loadConfig(path, { RHYTHMD_SOMETHING: 'else', PATH: '/bin' }));
});

test('secrets are neither printed nor repeated in errors', async () => {
  const { out } = await runCommand(['config', 'print'], { RHYTHMD_WEB_TOKEN: 'hush' });
  assert.match(out, /token = "\*\*\*"/);
  assert.doesNotMatch(out, /hush/);
});

test('a file that leaves everything out has every default', () => {
  const config = loadConfig(file(''), {});
  assert.equal(config.source.url, 'sim:233?speed=1');
  assert.equal(config.mqtt.embedded_port, 1883);
  assert.equal(config.web.port, 8360);
});

test('every element of a list is checked, in the environment too, where they are separated as in PATH', () => {
  const check = (environment: NodeJS.ProcessEnv) => checkConfig({}, environment, 'x');
  const { alert } = check({ RHYTHMD_ALERT_DISABLED: 'couplet:bigeminy' });
  assert.deepEqual(alert.disabled, ['couplet', 'bigeminy']);
  for (const [name, value] of [
    ['RHYTHMD_ALERT_DISABLED', 'couplet,bigeminy'],
    ['RHYTHMD_ALERT_DISABLED', 'couplet:'],
    ['RHYTHMD_ALERT_DISABLED', 'asystol'],
    ['RHYTHMD_SOURCE_CHANNELS', '1,2'],
    ['RHYTHMD_RECORDS_FOLDERS', 'a,b'],
    ['RHYTHMD_WEB_ALLOWED_HOSTS', 'http://a'],
  ] as const) {
    assert.throws(() => check({ [name]: value }), {
      code: 'E_CONFIG_INVALID',
      message: new RegExp(`${name}: is .*separated by ":"`),
    });
  }
  assert.throws(() => checkConfig({ alert: { disabled: ['coupled'] } }, {}, 'x'), {
    code: 'E_CONFIG_INVALID',
  });
});
