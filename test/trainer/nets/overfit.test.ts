/** One batch driven to zero loss; all five networks: `npm run bench -- trainer`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { overfitOneBatch } from '../../support/overfit.ts';

for (const name of ['mobilenetv2', 'efficientnetb0']) {
  test(`${name} drives one batch to zero loss`, async () => {
    const losses = await overfitOneBatch(networkNamed(name), 12, 40);
    assert.ok(losses[0]! > 0.5, `begins at ${losses[0]}`);
    assert.ok(losses.at(-1)! < 0.02, `ends at ${losses.at(-1)}`);
  });
}
