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

test("beatnet2's first weights are smaller along the beats, and He's elsewhere", () => {
  const weights = initialWeights(networkNamed('beatnet2'), 1);
  const relativeDeviation = (layer: string, fanIn: number): number => {
    const values = weights.get(layer)!;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    return deviation / Math.sqrt(2 / fanIn);
  };
  const along = relativeDeviation('conv5.weight', 14 * 3);
  assert.ok(Math.abs(along - 0.4) < 0.04, `${along}`);
  const shape = relativeDeviation('conv2.weight', 16 * 5);
  assert.ok(Math.abs(shape - 1) < 0.1, `${shape}`);
});
