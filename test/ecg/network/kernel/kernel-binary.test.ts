import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KERNEL_BASE64 } from '@rhythmd/ecg/network/kernel/kernel-binary.ts';
import { needsProgram, repositoryRoot } from '../../../support/needs.ts';

const folder = join(repositoryRoot, 'ecg/network/kernel');
const committed = readFileSync(join(folder, 'kernel-binary.ts'), 'utf8');

test('the committed binary is the one its hash stands for, and holds no instruction beyond the first WebAssembly', () => {
  const bytes = Buffer.from(KERNEL_BASE64, 'base64');
  assert.match(
    committed,
    new RegExp(`${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}`),
  );
  // Prefixes of later instructions: 0xfc (saturating, bulk memory) and 0xfd (SIMD) may occur in numbers; the engine decides.
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } };
  assert.ok(WebAssembly.validate(bytes));
});

test('the source gives that very binary again', needsProgram('clang', 'wasm-ld'), () => {
  const out = mkdtempSync(join(tmpdir(), 'rhythmd-kernel-'));
  try {
    const path = join(out, 'kernel-binary.ts');
    execFileSync('sh', [join(folder, 'build.sh'), path]);
    assert.equal(readFileSync(path, 'utf8'), committed);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
