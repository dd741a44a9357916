import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { EC57_LABELS } from '@rhythmd/ecg/types.ts';
import { strToU8, zipSync } from 'fflate';

const base = mkdtempSync(join(tmpdir(), 'rhythmd-model-'));
after(() => rmSync(base, { recursive: true }));

const onnx = strToU8('not really a network');
const goodCard = {
  name: 'tiny',
  version: '1.0.0',
  sha256: createHash('sha256').update(onnx).digest('hex'),
  labels: EC57_LABELS,
  input: { shape: [3, 36, 36], rateHz: 360, normalisation: 'running', channels: 'replicated' },
  output: 'probabilities',
  measured: {},
};

let made = 0;
function folder(files: Record<string, string | Uint8Array>): string {
  const path = join(base, `model-${made++}`);
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

const refused = (path: string, code: string, message: RegExp) =>
  assert.rejects(readModelFiles(path), (error: Error & { code: string; fix: string }) => {
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.notEqual(error.fix, '');
    return true;
  });

test('nothing there, or half of it', async () => {
  await refused(join(base, 'none'), 'E_MODEL_MISSING', /no model at/);
  await refused(folder({}), 'E_MODEL_MISSING', /holds no card\.json/);
  await refused(folder({ 'card.json': JSON.stringify(goodCard) }), 'E_MODEL_MISSING', /holds no model\.onnx/);
});

test('a card that is damaged or does not fit names every field', async () => {
  await refused(folder({ 'card.json': '{"name":', 'model.onnx': onnx }), 'E_MODEL_CARD', /not JSON/);
  const card = {
    ...goodCard,
    sha256: 'abc',
    labels: ['N', 'S', 'S'],
    input: { ...goodCard.input, shape: [1, 36, 36] },
  };
  const path = folder({ 'card.json': JSON.stringify(card), 'model.onnx': onnx });
  await refused(
    path,
    'E_MODEL_CARD',
    /sha256: .*labels: must not name a class twice; labels: must name N and V.*input\.shape: must be 3, 36, 36/,
  );
});

test('one flipped byte is refused, in a folder and in an archive', async () => {
  const flipped = onnx.slice();
  flipped[3]! ^= 1;
  const files = { 'card.json': JSON.stringify(goodCard), 'model.onnx': flipped };
  await refused(folder(files), 'E_MODEL_HASH', /has sha256 .* its card says/);
  const archive = join(base, 'flipped.zip');
  writeFileSync(archive, zipSync({ 'card.json': strToU8(files['card.json']), 'model.onnx': flipped }));
  await refused(archive, 'E_MODEL_HASH', /its card says/);
});

test('what is no archive is refused', async () => {
  const path = join(base, 'text.zip');
  writeFileSync(path, 'plain text');
  await refused(path, 'E_MODEL_ARCHIVE', /not a readable \.zip/);
});

/** An archive whose first member announces another size than it has: it stands 24 bytes behind its mark. */
function announcing(name: string, size: number, files: Record<string, Uint8Array>): string {
  const bytes = Buffer.from(zipSync(files));
  bytes.writeUInt32LE(size, bytes.indexOf(Buffer.from('504b0102', 'hex')) + 24);
  const path = join(base, name);
  writeFileSync(path, bytes);
  return path;
}

test('an archive that would fill the memory is refused before it is unpacked', async () => {
  const card = strToU8(JSON.stringify(goodCard));
  const bomb = announcing('bomb.zip', 4e9, { 'model.onnx': onnx, 'card.json': card });
  await refused(bomb, 'E_MODEL_CARD', /model\.onnx is larger than/);
  const fatCard = announcing('fat.zip', 2e6, { 'card.json': card, 'model.onnx': onnx });
  await refused(fatCard, 'E_MODEL_CARD', /card\.json is larger than/);
});

test('of many members of one name the first is unpacked, and of too many none', async () => {
  const card = strToU8(JSON.stringify(goodCard));
  const twice = join(base, 'twice.zip');
  const copies = Object.fromEntries([1, 2, 3].map((n) => [`copy${n}/model.onnx`, new Uint8Array(1 << 20)]));
  writeFileSync(twice, zipSync({ 'tiny/model.onnx': onnx, 'tiny/card.json': card, ...copies }));
  assert.equal((await readModelFiles(twice)).onnx.length, onnx.length);
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`${n}.txt`, strToU8('x')]));
  const crowd = join(base, 'crowd.zip');
  writeFileSync(crowd, zipSync({ ...many, 'model.onnx': onnx, 'card.json': card }));
  await refused(crowd, 'E_MODEL_ARCHIVE', /not a readable \.zip/);
});

test('an archive that holds more than it announces is not unpacked beyond that', async () => {
  const files = { 'model.onnx': new Uint8Array(8 << 20), 'card.json': strToU8('{}') };
  await assert.rejects(readModelFiles(announcing('lie.zip', 100, files)), /^RhythmdError/);
});

test('a folder and an archive of the same files are the same model', async () => {
  const card = strToU8(JSON.stringify(goodCard));
  const archive = join(base, 'good.zip');
  writeFileSync(
    archive,
    zipSync({ 'tiny/card.json': card, 'tiny/model.onnx': onnx, 'README.md': strToU8('x') }),
  );
  const fromArchive = await readModelFiles(archive);
  const fromFolder = await readModelFiles(folder({ 'card.json': card, 'model.onnx': onnx }));
  assert.deepEqual(fromArchive.card, fromFolder.card);
  assert.deepEqual(Buffer.from(fromArchive.onnx), Buffer.from(fromFolder.onnx));
});
