import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentedToml, effectiveToml, jsonSchema } from '@rhythmd/daemon/config/document.ts';
import { checkConfig, loadConfig } from '@rhythmd/daemon/config/load.ts';
import { configuredPath } from '@rhythmd/daemon/config/paths.ts';
import { keys, sections } from '@rhythmd/daemon/config/walk.ts';
import { parse } from 'smol-toml';
import { repositoryRoot } from '../../support/needs.ts';

const committed = (name: string): string => readFileSync(join(repositoryRoot, 'config', name), 'utf8');

test('the committed files are what the schema says now (npm run config)', () => {
  assert.equal(committed('default.toml'), documentedToml());
  assert.deepEqual(JSON.parse(committed('schema.json')), jsonSchema());
});

test('the default file states every default, and is accepted', () => {
  const table = parse(committed('default.toml')) as Record<string, Record<string, unknown>>;
  for (const { section, key, fallback } of keys()) {
    assert.deepEqual(table[section]?.[key], fallback, `${section}.${key}`);
  }
  assert.deepEqual(loadConfig(join(repositoryRoot, 'config/default.toml'), {}), checkConfig({}, {}, ''));
});

test('what print writes is read back as the same configuration', () => {
  const config = checkConfig({ web: { port: 1 }, log: { level: 'warn' } }, {}, '');
  assert.deepEqual(checkConfig(parse(effectiveToml(config)), {}, ''), config);
});

test('every section and key is documented in full sentences', () => {
  for (const { name, doc } of sections()) assert.match(doc, /\.$/, name);
  for (const { section, key, facts } of keys()) assert.match(facts.doc, /\.$/, `${section}.${key}`);
});

test('state goes where systemd says, and beside the program without it', () => {
  assert.equal(
    configuredPath('$STATE_DIRECTORY/x', { STATE_DIRECTORY: '/var/lib/a:/var/lib/b' }),
    '/var/lib/a/x',
  );
  assert.equal(configuredPath('$STATE_DIRECTORY/x', {}), join(repositoryRoot, 'state/x'));
  assert.equal(
    configuredPath('$STATE_DIRECTORY/x', { STATE_DIRECTORY: 'own' }),
    join(repositoryRoot, 'own/x'),
  );
  for (const name of ["/a$&b$'c", '/a$$b', '/a$`b'])
    assert.equal(configuredPath('$STATE_DIRECTORY/x', { STATE_DIRECTORY: name }), `${name}/x`);
  assert.equal(configuredPath('/abs', {}), '/abs');
});
