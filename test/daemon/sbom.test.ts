import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { softwareBill } from '@rhythmd/daemon/sbom.ts';
import { repositoryRoot } from '../support/needs.ts';

interface Bill {
  readonly serialNumber: string;
  readonly components: readonly {
    readonly type: string;
    readonly 'bom-ref': string;
    readonly hashes?: readonly { readonly content: string }[];
    readonly licenses?: readonly object[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const bill = softwareBill(repositoryRoot) as unknown as Bill;
const everything = softwareBill(repositoryRoot, true) as unknown as Bill;
const lock = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version: string; name?: string; link?: boolean }>;
};

test('every package of the lock file is there once, with a checksum and a licence; nothing else is', () => {
  const locked = Object.entries(lock.packages)
    .filter(([place, { link }]) => place.includes('node_modules/') && !link)
    .map(([place, { version, name = place.split('node_modules/').at(-1)! }]) => {
      return `pkg:npm/${name.replace('@', '%40')}@${version}`;
    });
  const libraries = everything.components.filter(({ type }) => type === 'library');
  assert.deepEqual(libraries.map((entry) => entry['bom-ref']).sort(), [...new Set(locked)].sort());
  const bare = libraries.filter(({ hashes, licenses }) => !hashes?.length || !licenses?.length);
  assert.deepEqual(bare, []);
});

test('what is for development only is left out unless asked for', () => {
  const names = bill.components.map((entry) => entry['bom-ref']).join('\n');
  assert.match(names, /^pkg:npm\/aedes@/m);
  assert.doesNotMatch(names, /^pkg:npm\/%40biomejs\/biome@/m);
  assert.ok(everything.components.length > bill.components.length);
});

test('every reference leads somewhere, and nearly everything is needed by something', () => {
  const known = new Set(everything.components.map((entry) => entry['bom-ref']));
  const needed = new Set(everything.dependencies.flatMap(({ dependsOn }) => dependsOn));
  for (const ref of needed) assert.ok(known.has(ref), ref);
  const idle = everything.components.filter(
    (entry) => entry.type === 'library' && !needed.has(entry['bom-ref']),
  );
  // Peers are named by nobody.
  assert.ok(idle.length < known.size / 10, idle.map((entry) => entry['bom-ref']).join(' '));
});

test('the shipped models are in it, and the same lock file gives the same bytes', () => {
  assert.ok(
    bill.components.some((entry) => entry['bom-ref'] === 'models/beatnet' && entry.hashes?.length === 1),
  );
  assert.deepEqual(softwareBill(repositoryRoot), bill);
  assert.match(
    bill.serialNumber,
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
