import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageWeight } from '../../support/page-weight.ts';

test('the page with everything in it is under 200 KB, compressed', async () => {
  const { bytes, byFile } = await pageWeight();
  assert.ok(bytes < 200_000, `${bytes} bytes: ${JSON.stringify(byFile)}`);
});
