import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAPER_NETWORKS, paperFigures } from '@rhythmd/trainer/evaluate/paper-table.ts';
import { METHODS } from '@rhythmd/trainer/evaluate/result-row.ts';

test('the paper has four tables of five networks, under its own protocol only', () => {
  assert.deepEqual(PAPER_NETWORKS, ['resnet50', 'resnet101', 'densenet201', 'mobilenetv2', 'efficientnetb0']);
  for (const network of PAPER_NETWORKS) {
    const methods = METHODS.filter((method) => paperFigures(network, method, 'paper') !== null);
    assert.deepEqual(methods, ['none', 'quantized', 'pruned', 'quantized+pruned']);
    assert.equal(paperFigures(network, 'none', 'patient-separated'), null);
    const sizes = methods.map((method) => paperFigures(network, method, 'paper')!.megabytes);
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
      'every step of the paper is smaller',
    );
  }
  assert.equal(paperFigures('beatnet', 'none', 'paper'), null);
});
