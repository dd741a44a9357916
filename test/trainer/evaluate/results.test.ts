import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { resultFileName } from '../../../trainer/evaluate/result-row.ts';
import { resultPath } from '../../../trainer/evaluate/results.ts';

test('the file of a row is named by network, protocol, method and variant', () => {
  assert.equal(basename(resultPath('beatnet', 'paper', 'none')), 'beatnet-paper-none.json');
  assert.equal(
    basename(resultPath('resnet50', 'patient-separated', 'quantized+pruned')),
    'resnet50-patient-separated-quantized-pruned.json',
  );
  assert.equal(
    resultFileName({ network: 'mobilenetv2', protocol: 'paper', method: 'curve', variant: 'sparsity-0.95' }),
    'mobilenetv2-paper-curve-sparsity-0.95.json',
  );
});
