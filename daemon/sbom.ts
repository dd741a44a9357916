/**
 * `npm run sbom [-- --all] [--out FILE]`: what the program is made of, as CycloneDX 1.5 JSON (cyclonedx.org): every
 * package of the lock file with version, licence and checksum, what needs what, and the models that are shipped. The
 * same lock file gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { VERSION } from './version.ts';

/** A package as package-lock.json (version 3) has it. */
interface Locked {
  readonly version?: string;
  readonly name?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** By the folder it lies in; `` and the workspaces are ours. */
type Lock = Readonly<Record<string, Locked>>;

interface Component {
  readonly 'bom-ref': string;
  readonly [field: string]: unknown;
}

/** @param all development's packages too */
export function softwareBill(folder: string, all = false): Record<string, unknown> {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Lock;
  };
  const isListed = (place: string) => {
    const locked = packages[place];
    return locked !== undefined && place.includes('node_modules/') && !locked.link && (all || !locked.dev);
  };
  const places = Object.keys(packages).filter(isListed);
  const ours = Object.keys(packages).filter((place) => !place.includes('node_modules/'));
  const neededBy = (from: readonly string[]) => {
    const needed = from.flatMap((place) => needs(packages, place)).filter(isListed);
    return [...new Set(needed.map((place) => refOf(place, packages[place]!)))].sort();
  };
  const root = `pkg:npm/rhythmd@${VERSION}`;
  const components = [...places.map((place) => component(place, packages[place]!)), ...models(folder)];
  const dependencies = [
    { ref: root, dependsOn: neededBy(ours) },
    ...places.map((place) => ({ ref: refOf(place, packages[place]!), dependsOn: neededBy([place]) })),
  ];
  const body = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: 'rhythmd',
        version: VERSION,
        licenses: licences('MIT'),
      },
    },
    components: [...new Map(components.map((entry) => [entry['bom-ref'], entry])).values()],
    dependencies: [...new Map(dependencies.map((entry) => [entry.ref, entry])).values()],
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    serialNumber: serialOf(body),
    ...body,
  };
}

function component(place: string, locked: Locked): Component {
  const name = nameOf(place, locked);
  const [group, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const ref = refOf(place, locked);
  return {
    type: 'library',
    'bom-ref': ref,
    ...(group === undefined ? {} : { group }),
    name: bare,
    version: locked.version,
    scope: locked.optional ? 'optional' : 'required',
    ...(locked.integrity === undefined ? {} : { hashes: hashes(locked.integrity) }),
    ...(locked.license === undefined ? {} : { licenses: licences(locked.license) }),
    purl: ref,
  };
}

/** The networks that are shipped: a folder by the hash on its card, an archive by its own. */
function models(folder: string): Component[] {
  const where = join(folder, 'models');
  if (!existsSync(where)) return [];
  return readdirSync(where).flatMap((name): Component[] => {
    const path = join(where, name);
    if (name.endsWith('.zip')) {
      return [model(name, createHash('sha256').update(readFileSync(path)).digest('hex'))];
    }
    const card = join(path, 'card.json');
    if (!existsSync(card)) return [];
    const { version, sha256 } = JSON.parse(readFileSync(card, 'utf8')) as { version: string; sha256: string };
    return [{ ...model(name, sha256), version }];
  });
}

function model(name: string, sha256: string): Component {
  const hashes = [{ alg: 'SHA-256', content: sha256 }];
  return {
    type: 'machine-learning-model',
    'bom-ref': `models/${name}`,
    name,
    hashes,
    licenses: licences('MIT'),
  };
}

/** Where the packages lie that this one asks for: nearest first, as Node looks them up. */
function needs(packages: Lock, place: string): string[] {
  const { dependencies, optionalDependencies, devDependencies } = packages[place]!;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies }).flatMap((name) => {
    const folders = place
      .split('/node_modules/')
      .map((_, i, parts) => parts.slice(0, i + 1).join('/node_modules/'));
    const found = [
      ...folders.reverse().map((folder) => `${folder}/node_modules/${name}`),
      `node_modules/${name}`,
    ];
    const nearest = found.find((candidate) => candidate in packages);
    return nearest === undefined ? [] : [nearest];
  });
}

function nameOf(place: string, { name }: Locked): string {
  return name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** A package URL (github.com/package-url/purl-spec). */
function refOf(place: string, locked: Locked): string {
  return `pkg:npm/${nameOf(place, locked).replace('@', '%40')}@${locked.version}`;
}

function hashes(integrity: string): { alg: string; content: string }[] {
  return integrity.split(' ').flatMap((text) => {
    const match = /^sha(256|384|512)-(.+)$/.exec(text);
    return match
      ? [{ alg: `SHA-${match[1]}`, content: Buffer.from(match[2]!, 'base64').toString('hex') }]
      : [];
  });
}

function licences(text: string): object[] {
  return [/^[\w.+-]+$/.test(text) ? { license: { id: text } } : { expression: text }];
}

/** A UUID of the contents (RFC 9562, version 8): the same list has the same number. */
function serialOf(body: object): string {
  const hex = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] === here) {
  const { values } = parseArgs({ options: { all: { type: 'boolean' }, out: { type: 'string' } } });
  const text = `${JSON.stringify(softwareBill(fileURLToPath(new URL('..', import.meta.url)), values.all), null, 2)}\n`;
  // A closed pipe (`npm run sbom | head`) ends the program quietly.
  process.stdout.on('error', () => process.exit(0));
  if (values.out === undefined) process.stdout.write(text);
  else writeFileSync(values.out, text);
}
