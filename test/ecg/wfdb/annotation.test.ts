import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Annotation,
  annotationRateHz,
  annotationsAt,
  formatAnnotations,
  parseAnnotations,
  rescaleAnnotations,
  timeResolution,
} from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf, isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import fc from 'fast-check';

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const beat = (sample: number, code = 1): Annotation => ({
  sample,
  code,
  subtype: 0,
  channel: 0,
  num: 0,
  aux: null,
});

test('a damaged file is refused with its name and the byte', () => {
  for (const hex of [
    '01f4 0000', // SUB before any annotation
    '05c8 0000', // code 50 has no meaning
  ]) {
    assert.throws(() => parseAnnotations(fromHex(hex), 'x.atr'), {
      code: 'E_WFDB_ANNOTATIONS',
      message: /x\.atr: byte \d+/,
    });
  }
});

test('a file without an end is read as far as it goes, with a warning', () => {
  for (const [hex, beats] of [
    ['', 0], // nothing at all
    ['05', 0], // half a word
    ['0504', 1], // no end mark
    ['0504 00ec 0000', 1], // a distance cut off
    ['0504 0504 05fc 4142', 2], // text longer than the file
  ] as const) {
    const warnings: string[] = [];
    const annotations = parseAnnotations(fromHex(hex), 'x.atr', (warning) => warnings.push(warning));
    assert.equal(annotations.length, beats, hex);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^x\.atr: byte \d+: /);
  }
  assert.deepEqual(parseAnnotations(fromHex('0000'), 'x', assert.fail), []);
});

test('cut anywhere, what comes out is the beginning of what was there', () => {
  const list = [
    { ...beat(18, 28), aux: '(N', auxTerminated: true as const },
    { ...beat(5000), subtype: 1, channel: 1, num: -3 },
  ];
  const bytes = formatAnnotations(list);
  for (let length = 0; length < bytes.length; length++) {
    let warned = 0;
    const read = parseAnnotations(bytes.subarray(0, length), 'x', () => warned++);
    assert.equal(warned, 1);
    for (const [i, { sample, code }] of read.entries()) {
      assert.deepEqual([sample, code], [list[i]!.sample, list[i]!.code]);
    }
  }
});

test('whatever bytes come, the answer is annotations or one named error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        parseAnnotations(bytes, 'x');
      } catch (error) {
        assert.equal((error as { code: string }).code, 'E_WFDB_ANNOTATIONS');
      }
    }),
  );
});

test('what cannot be written is refused', () => {
  for (const bad of [
    beat(1, 50),
    beat(1, -1),
    beat(1.5),
    beat(2 ** 31),
    { ...beat(1), subtype: 512 },
    { ...beat(1), channel: -1 },
    { ...beat(1), aux: 'x'.repeat(256) },
    { ...beat(1), aux: '→' },
  ]) {
    assert.throws(() => formatAnnotations([bad]), { code: 'E_WFDB_ANNOTATIONS' });
  }
});

test('the first bytes of record 100', () => {
  const bytes = fromHex('1270 03fc 284e0000 3b04 2505 0000');
  const annotations = parseAnnotations(bytes, '100.atr');
  assert.deepEqual(annotations, [{ ...beat(18, 28), aux: '(N', auxTerminated: true }, beat(77), beat(370)]);
  assert.deepEqual(formatAnnotations(annotations), bytes);
});

test('number and channel hold on, the subtype does not; -1 is written as ten ones', () => {
  const list = [
    { ...beat(1), subtype: -1, channel: 1, num: -7 },
    { ...beat(2), channel: 1, num: -7 },
    beat(3),
  ];
  assert.deepEqual(parseAnnotations(formatAnnotations(list), 'x'), list);
});

test('a code without a name and code 0 at distance 0 survive', () => {
  const list = [beat(0, 0), beat(0, 0), beat(0, 42), beat(5, 0), beat(2000, 0)];
  assert.deepEqual(parseAnnotations(formatAnnotations(list), 'x'), list);
  assert.equal(mnemonicOf(42), '[42]');
  assert.equal(codeOf('[42]'), 42);
});

test('anything the format can hold is given back', () => {
  const annotation = fc.record(
    {
      sample: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: -(2 ** 30), max: 2 ** 30 })),
      code: fc.integer({ min: 0, max: 49 }),
      subtype: fc.integer({ min: -512, max: 511 }),
      channel: fc.integer({ min: 0, max: 1023 }),
      num: fc.integer({ min: -512, max: 511 }),
      aux: fc.option(
        fc.string({ maxLength: 20 }).filter((text) => !text.endsWith('\0') && /^[\0-\xff]*$/.test(text)),
      ),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(annotation), (list) => {
      assert.deepEqual(parseAnnotations(formatAnnotations(list), 'x'), list);
    }),
  );
});

test('codes and mnemonics', () => {
  for (let code = 1; code <= 41; code++) assert.equal(codeOf(mnemonicOf(code)), code);
  assert.equal(
    'NLRBAaJSVrFejnE/fQ?'.split('').every((name) => isBeatCode(codeOf(name)!)),
    true,
  );
  assert.equal(
    '+~|"xsT*D=^tup()[]!'.split('').some((name) => isBeatCode(codeOf(name)!)),
    false,
  );
  assert.equal(codeOf('y'), null);
  assert.equal(codeOf(''), null);
  assert.equal(isBeatCode(-1), false);
});

test('positions on the time base that is asked for, whatever the file’s own', () => {
  const list = [timeResolution(500), beat(500), beat(1001)];
  assert.deepEqual(annotationsAt(250, list), [beat(250), beat(501)]);
  assert.deepEqual(annotationsAt(250, [beat(500)]), [beat(500)]);
});

test('a declared time resolution, and another time base', () => {
  const list = [{ ...beat(0, 22), aux: '## time resolution: 250' }, beat(250), beat(501)];
  assert.equal(annotationRateHz(list), 250);
  assert.equal(annotationRateHz([beat(0)]), null);
  assert.deepEqual(
    rescaleAnnotations(list, 250, 360).map(({ sample }) => sample),
    [0, 360, 721],
  );
});
