import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROTOCOLS } from '@rhythmd/trainer/data/splits.ts';
import { networkNamed, PRESETS, recipeFor } from '@rhythmd/trainer/presets/catalog.ts';

test('every preset builds the network of its name, and trains it under every protocol', () => {
  for (const { name } of PRESETS) {
    assert.equal(networkNamed(name).name, name);
    for (const protocol of PROTOCOLS) {
      const { network, epochs, laterCycles = [] } = recipeFor(name, protocol);
      assert.equal(network, name);
      assert.ok(laterCycles.reduce((left, cycle) => left - cycle.epochs, epochs) > 0, `${name} ${protocol}`);
    }
  }
  assert.throws(() => networkNamed('vgg'), { code: 'E_NETWORK_UNKNOWN' });
});
