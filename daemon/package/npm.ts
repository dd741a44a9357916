/** The npm tarball: `npx rhythmd` from an empty folder. Native modules are optional: where they do not install it runs without. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../version.ts';
import { built, copyProgram, inStaging, root, run, writeText } from './staging.ts';

const NATIVE = ['onnxruntime-node', 'serialport'];

/** @returns the path of the tarball */
export function packNpm(): string {
  return inStaging((folder) => {
    copyProgram(folder);
    cpSync(join(root, 'README.md'), join(folder, 'README.md'));
    writeText(join(folder, 'package.json'), `${JSON.stringify(description(), null, 2)}\n`);
    run('npm', ['pack', '--pack-destination', built], 'npm', folder);
    return join(built, `rhythmd-${VERSION}.tgz`);
  });
}

function description(): Record<string, unknown> {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'daemon/package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return {
    name: 'rhythmd',
    version: VERSION,
    description:
      'ECG edge daemon: samples from a board become classified beats, alerts and a live page. Not a medical device.',
    license: 'MIT',
    bin: { rhythmd: 'rhythmd.js' },
    engines: { node: '>=18.20' },
    optionalDependencies: Object.fromEntries(NATIVE.map((name) => [name, dependencies[name]!])),
  };
}
