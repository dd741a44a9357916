/** No file imports itself by way of others: a circle has no bottom to begin reading at. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../support/needs.ts';

const FOLDERS = readdirSync(repositoryRoot, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(repositoryRoot, entry.name, 'package.json')))
  .map((entry) => entry.name)
  .filter((name) => name !== 'node_modules' && name !== 'dist');

/** File -> the files of ours that it imports, types included. */
function imports(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const folder of FOLDERS) {
    for (const path of readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts') || path.includes('node_modules')) continue;
      const file = join(repositoryRoot, folder, path);
      const text = readFileSync(file, 'utf8');
      const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
      found.set(
        file,
        targets.flatMap((target) => resolved(file, target)),
      );
    }
  }
  return found;
}

function resolved(file: string, target: string): string[] {
  if (target.startsWith('@rhythmd/')) return [join(repositoryRoot, target.slice('@rhythmd/'.length))];
  return target.startsWith('.') ? [resolve(dirname(file), target)] : [];
}

/** The first circle found from each file, as paths. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const found = new Set<string>();
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.add([...path.slice(at), file].map((name) => relative(repositoryRoot, name)).join(' -> '));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const target of graph.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return [...found];
}

test('no imports go in a circle', () => {
  assert.deepEqual(circles(imports()), []);
});
