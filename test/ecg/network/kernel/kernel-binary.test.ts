import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KERNEL_BASE64, SIMD_KERNEL_BASE64 } from '@rhythmd/ecg/network/kernel/kernel-binary.ts';
import { needsProgram, repositoryRoot } from '../../../support/needs.ts';

const folder = join(repositoryRoot, 'ecg/network/kernel');
const committed = readFileSync(join(folder, 'kernel-binary.ts'), 'utf8');

const { WebAssembly } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } };

test('the committed binaries are those their hashes stand for, and engines take them', () => {
  for (const base64 of [KERNEL_BASE64, SIMD_KERNEL_BASE64]) {
    const bytes = Buffer.from(base64, 'base64');
    const hash = createHash('sha256').update(bytes).digest('hex');
    assert.ok(committed.includes(`${bytes.length} bytes, sha256 ${hash}`));
    assert.ok(WebAssembly.validate(bytes));
  }
});

test('the source gives those very binaries again', needsProgram('clang', 'wasm-ld'), () => {
  const out = mkdtempSync(join(tmpdir(), 'rhythmd-kernel-'));
  try {
    const path = join(out, 'kernel-binary.ts');
    execFileSync('sh', [join(folder, 'build.sh'), path]);
    assert.equal(readFileSync(path, 'utf8'), committed);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
