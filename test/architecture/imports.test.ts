/** Dependencies point one way (ARCHITECTURE.md): checked here, not by good will. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../support/needs.ts';

/** Folder -> the workspaces it may import beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  ecg: [],
  protocol: ['ecg'],
  shell: [],
  records: ['ecg', 'shell'],
  daemon: ['ecg', 'protocol', 'shell', 'records'],
  monitor: ['ecg', 'protocol'],
  trainer: ['ecg', 'records', 'shell'],
  'firmware-sim': ['ecg', 'records', 'shell'],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(folder: string): Import[] {
  const found: Import[] = [];
  for (const path of readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.includes('node_modules')) continue;
    const file = join(repositoryRoot, folder, path);
    const text = readFileSync(file, 'utf8');
    for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      found.push({ file, target: match[1] ?? '' });
    }
  }
  return found;
}

/** The workspace an import reaches into; null for npm packages and Node's own modules. */
function workspaceOf({ file, target }: Import): string | null {
  const scoped = /^@rhythmd\/([^/]+)/.exec(target);
  if (scoped) return scoped[1] ?? null;
  if (!target.startsWith('.')) return null;
  return relative(repositoryRoot, resolve(dirname(file), target)).split('/')[0] ?? null;
}

for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
  test(`${folder} imports only ${['itself', ...allowed].join(', ')}`, () => {
    for (const found of importsOf(folder)) {
      const workspace = workspaceOf(found);
      if (workspace === null) continue;
      const where = relative(repositoryRoot, found.file);
      assert.ok(workspace === folder || allowed.includes(workspace), `${where} imports ${found.target}`);
    }
  });
}

test('ecg is pure: no Node modules, no packages, no clock', () => {
  for (const found of importsOf('ecg')) {
    assert.ok(
      found.target.startsWith('.'),
      `${relative(repositoryRoot, found.file)} imports ${found.target}`,
    );
  }
  for (const path of readdirSync(join(repositoryRoot, 'ecg'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const text = readFileSync(join(repositoryRoot, 'ecg', path), 'utf8');
    assert.doesNotMatch(
      text,
      /\bDate\.now\(|\bperformance\.now\(|\bnew Date\(\)|\bconsole\.|\bprocess\.|Math\.random\(/,
      path,
    );
  }
});
