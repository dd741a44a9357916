import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { resultPath } from '../../../trainer/evaluate/results.ts';

test('the file of a row is named by network, protocol, method and variant', () => {
  const name = (...args: Parameters<typeof resultPath>): string => basename(resultPath(...args));
  assert.equal(name('beatnet', 'paper', 'none'), 'beatnet-paper-none.json');
  assert.equal(
    name('resnet50', 'patient-separated', 'quantized+pruned'),
    'resnet50-patient-separated-quantized-pruned.json',
  );
  assert.equal(
    name('mobilenetv2', 'paper', 'curve', 'sparsity-0.95'),
    'mobilenetv2-paper-curve-sparsity-0.95.json',
  );
});
