import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildImage, readImage } from '@rhythmd/firmware-sim/avr/firmware-image.ts';
import { parseIntelHex } from '@rhythmd/firmware-sim/avr/intel-hex.ts';
import { needsProgram } from '../../support/needs.ts';

test('the committed image is the one its hash stands for, and fits 8 KB', () => {
  const memory = parseIntelHex(readImage(), 32 * 1024);
  const used = memory.findLastIndex((byte) => byte !== 0xff) + 1;
  assert.ok(used > 1000 && used < 8192, `${used} bytes`);
});

test('the sources give that very image again', needsProgram('avr-gcc', 'avr-objcopy'), () => {
  assert.equal(buildImage(), readImage());
});
