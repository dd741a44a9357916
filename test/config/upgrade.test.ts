/** What worked with version 0.1.0 works today (docs/upgrading.md). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RHYTHMD } from '@rhythmd/daemon/cli/rhythmd.ts';
import { loadConfig } from '@rhythmd/daemon/config/load.ts';
import { REQUEST_VERBS } from '@rhythmd/protocol/requests.ts';
import { topicsOf } from '@rhythmd/protocol/topics.ts';

test('the whole configuration file of 0.1.0 is read, and its values count', () => {
  const config = loadConfig(fileURLToPath(new URL('default-0.1.0.toml', import.meta.url)), {});
  assert.equal(config.device.id, 'rhythmd-1');
  assert.equal(config.model.path, 'models/beatnet');
  assert.equal(config.alert.poor_signal_seconds, 5);
});

test('topics and requests of 0.1.0 have their names', () => {
  const topics = topicsOf('d');
  const names = [topics.state, topics.info, topics.lead, topics.vitals, topics.beat, topics.alert];
  names.push(topics.alertActive, topics.strip('a-1'), topics.wave, topics.health);
  names.push(topics.request('mark'), topics.response('mark'));
  assert.equal(
    names.map((name) => name.replace('ecg/d/', '')).join(' '),
    'state info lead vitals beat alert alert/active strip/a-1 wave health request/mark response/mark',
  );
  for (const verb of ['mark', 'strip', 'silence', 'acknowledge', 'calibrate'] as const) {
    assert.ok(REQUEST_VERBS.includes(verb), verb);
  }
});

test('verbs and options of 0.1.0 are there', () => {
  const before: Readonly<Record<string, string>> = {
    run: 'config model',
    analyze: 'out annotator model signal config json',
    boards: 'json',
    config: 'config',
    doctor: 'config seconds json',
    ports: 'json',
    score: 'reference test test-dir from json config html strips',
    strip: 'out from seconds annotator config',
    export: 'format out from seconds annotator config',
  };
  for (const [verb, options] of Object.entries(before)) {
    for (const option of options.split(' '))
      assert.ok(option in RHYTHMD.commands[verb]!.options, `${verb} --${option}`);
  }
});
