/** What `bench -- paper --archives` counts, and what is counted with its whole network. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countParameters } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { madeUpResult } from '../../support/made-up-results.ts';
import { fewerChannels } from './fewer-channels.ts';

test('integers with fewer parameters have costs of their own; floats and whole networks have none', () => {
  const whole = countParameters(networkNamed('mobilenetv2'));
  const row = (parameters: number, agreementWithFake?: number) =>
    madeUpResult('mobilenetv2', 'paper', 'curve', {
      parameters,
      ...(agreementWithFake === undefined ? {} : { agreementWithFake }),
    });
  const narrow = row(whole - 1, 1);
  assert.deepEqual(fewerChannels([row(whole, 1), narrow, row(whole - 1)]), [narrow]);
});
