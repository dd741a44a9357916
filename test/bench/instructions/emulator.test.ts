/** The counter against a program whose instructions are known, and a shipped model from its file to its figure. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { needsFound, repositoryRoot } from '../../support/needs.ts';
import { BeatCounter } from './beat-counter.ts';
import { Emulator } from './emulator.ts';
import { findParts } from './parts.ts';

const needs = needsFound('an emulated Cortex-A53', findParts);
const LOOPS = 1000;

/** Arm64 instructions; the loop of two is what lies between the marks, but for one that sets it up and one that marks. */
const PROGRAM = [
  0xd2801028, // mov  x8, #129           kill
  0xd2800001, // mov  x1, #0             signal 0
  0xd2800000, // mov  x0, #0             its own process group
  0xd4000001, // svc  #0                 a mark
  0xd2800002 | (LOOPS << 5), // mov  x2, #LOOPS
  0xf1000442, // subs x2, x2, #1
  0x54ffffe1, // b.ne back to subs
  0xd4000001, // svc  #0                 a mark
  0xd2800ba8, // mov  x8, #93            exit, with the 0 that kill left in x0
  0xd4000001, // svc  #0
];

/** The smallest ELF file for arm64: its header, one loadable segment, the instructions. */
function executable(instructions: readonly number[]): Uint8Array {
  const address = 0x400000n;
  const headerBytes = 64 + 56;
  const file = new DataView(new ArrayBuffer(headerBytes + 4 * instructions.length));
  const header = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]; // ELF, 64 bits, little-endian, version 1
  for (const [i, byte] of header.entries()) file.setUint8(i, byte);
  file.setUint16(16, 2, true); // executable
  file.setUint16(18, 183, true); // AArch64
  file.setUint32(20, 1, true); // version
  file.setBigUint64(24, address + BigInt(headerBytes), true); // entry
  file.setBigUint64(32, 64n, true); // program headers follow
  file.setUint16(52, 64, true); // size of this header
  file.setUint16(54, 56, true); // size of a program header
  file.setUint16(56, 1, true); // one of them
  file.setUint32(64, 1, true); // load
  file.setUint32(68, 5, true); // to read and execute
  file.setBigUint64(80, address, true);
  file.setBigUint64(88, address, true);
  for (const at of [96, 104]) file.setBigUint64(at, BigInt(file.byteLength), true);
  file.setBigUint64(112, 0x1000n, true); // alignment
  for (const [i, word] of instructions.entries()) file.setUint32(headerBytes + 4 * i, word, true);
  return new Uint8Array(file.buffer);
}

test('a program of known instructions is counted to the last one', needs, async () => {
  const emulator = await Emulator.open(findParts());
  try {
    const program = join(emulator.folder, 'program');
    writeFileSync(program, executable(PROGRAM), { mode: 0o755 });
    const [first, second] = await emulator.count(program, []);
    assert.equal(first, 4);
    assert.equal(second! - first!, 1 + 2 * LOOPS + 1);
  } finally {
    emulator.close();
  }
});

test('a program that fails gives an error and no count', needs, async () => {
  const emulator = await Emulator.open(findParts());
  try {
    const program = join(emulator.folder, 'program');
    writeFileSync(program, executable([0x00000000]), { mode: 0o755 }); // undefined
    await assert.rejects(emulator.count(program, []), { code: 'E_EMULATOR' });
  } finally {
    emulator.close();
  }
});

test('a beat of the shipped model, and what calling the runtime is of it', needs, async () => {
  const { onnx } = await readModelFiles(join(repositoryRoot, 'models/beatnet'));
  const counter = await BeatCounter.open(findParts());
  try {
    const { beat, call } = await counter.count(onnx, { runs: 1, rounds: 4, beatsPerRound: 3 });
    // Below what starting Node or loading the model takes: hundreds of millions.
    assert.ok(beat.median < 20e6, `${beat.median} a beat`);
    assert.ok(call.median > 0 && call.median < beat.median, `${call.median} a call`);
  } finally {
    counter.close();
  }
});
