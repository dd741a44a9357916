/** Every link between the documents leads somewhere, down to the heading. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../support/needs.ts';

const DOCUMENTS = [
  ...readdirSync(repositoryRoot).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(repositoryRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(path: string): ReadonlySet<string> {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm);
  return new Set([...headings].map((match) => anchorOf(match[1] ?? '')));
}

for (const document of DOCUMENTS) {
  test(`links of ${document}`, () => {
    const path = join(repositoryRoot, document);
    const text = readFileSync(path, 'utf8').replaceAll(/^```.*?^```/gms, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const there = file === '' ? path : resolve(dirname(path), file);
      assert.ok(existsSync(there), `${document} links to ${target}, which is not there`);
      if (anchor === undefined || !statSync(there).isFile() || !there.endsWith('.md')) continue;
      assert.ok(anchorsOf(there).has(anchor), `${document} links to ${target}: no such heading`);
    }
  });
}

test('README stays short', () => {
  const lines = readFileSync(join(repositoryRoot, 'README.md'), 'utf8').split('\n');
  assert.ok(lines.length < 120, `${lines.length} lines`);
});
