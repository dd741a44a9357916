import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { keptDeviceId, ownDeviceId } from '@rhythmd/daemon/device-id.ts';

function fileFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'device-id-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'state', 'device.json');
}

test('where nothing can be kept this run has an id, and says so', () => {
  const { id, remark } = ownDeviceId('/dev/null/device.json', 'a');
  assert.match(id, /^rhythmd-[0-9a-f]{8}$/);
  assert.match(remark ?? '', /Set device\.id/);
  assert.equal(keptDeviceId('/dev/null/device.json'), null);
});

test('what is kept but damaged is made anew', (t) => {
  const file = fileFor(t);
  ownDeviceId(file, 'a');
  for (const text of ['', '{', '{"id":"../x"}', '{"id":7}', 'null']) {
    writeFileSync(file, text);
    assert.match(ownDeviceId(file, 'a').id, /^rhythmd-[0-9a-f]{8}$/);
  }
});

test('two fresh installations have two ids, each keeps its own', (t) => {
  const [one, other] = [fileFor(t), fileFor(t)];
  const { id, remark } = ownDeviceId(one, 'a');
  assert.match(remark ?? '', /from now on/);
  assert.notEqual(ownDeviceId(other, 'a').id, id);
  assert.deepEqual(ownDeviceId(one, 'a'), { id, remark: null });
  assert.deepEqual(ownDeviceId(one, null), { id, remark: null }, 'a computer that does not say stays');
  assert.equal(keptDeviceId(one), id);
  assert.equal(statSync(one).mode & 0o777, 0o600);
});

test('a copied card has an id of its own in the other computer', (t) => {
  const file = fileFor(t);
  const { id } = ownDeviceId(file, 'serial 1');
  const copy = ownDeviceId(file, 'serial 2');
  assert.notEqual(copy.id, id);
  assert.match(copy.remark ?? '', new RegExp(`${id}, was made on another computer`));
  assert.deepEqual(ownDeviceId(file, 'serial 2'), { id: copy.id, remark: null });
});
