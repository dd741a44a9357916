import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countParameters, initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';

/** Published counts with 1,000 classes (torchvision's model documentation), and the width of the last layer. */
const PUBLISHED: Readonly<Record<string, readonly [number, number]>> = {
  resnet50: [25_557_032, 2048],
  resnet101: [44_549_160, 2048],
  densenet201: [20_013_928, 1920],
  mobilenetv2: [3_504_872, 1280],
  efficientnetb0: [5_288_548, 1280],
};

for (const [name, [published, width]] of Object.entries(PUBLISHED)) {
  test(`${name} has the published number of parameters, but for a head of six classes`, () => {
    const withoutHead = published - (width + 1) * 1000;
    assert.equal(countParameters(networkNamed(name)), withoutHead + (width + 1) * 6);
  });
}

test('beatnet has fewer than 100,000 parameters', () => {
  assert.ok(countParameters(networkNamed('beatnet')) < 100_000);
});

test('an unknown network is refused with the names that exist', () => {
  assert.throws(() => networkNamed('alexnet'), { code: 'E_NETWORK_UNKNOWN' });
});

test('a gain makes the first weights so much smaller, and beatnet2 has none', () => {
  const deviation = (name: string, layer: string): number => {
    const values = initialWeights(networkNamed(name), 1).get(layer)!;
    return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  };
  const along = (network: string): number => deviation(network, 'conv5.weight') / Math.sqrt(2 / (16 * 3));
  assert.ok(Math.abs(along('beatnet2') - 1) < 0.1, `${along('beatnet2')}`);
  assert.ok(Math.abs(along('beatnet3') - 0.4) < 0.04, `${along('beatnet3')}`);
});
