/** `npm run package -- KIND`: what can be installed, below `dist/`. */
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { packDebian, packRuntime } from './deb.ts';
import { packImage } from './image.ts';
import { packNpm } from './npm.ts';
import { packOci } from './oci.ts';

const KINDS: Readonly<Record<string, (words: readonly string[]) => Promise<readonly string[]>>> = {
  // The native modules of a processor are 25 MB that take minutes to compress: made when they are asked for.
  deb: async (words) => [packDebian(), ...words.map(runtimeOf).map(packRuntime)],
  npm: async () => [packNpm()],
  oci: async (words) => [packOci(words)],
  image: async () => packImage(),
};

/** @throws RhythmdError E_USAGE */
function runtimeOf(word: string): 'arm64' | 'amd64' {
  if (word === 'arm64' || word === 'amd64') return word;
  throw new RhythmdError('E_USAGE', `no native modules for "${word}"`, 'There are arm64 and amd64');
}

async function main([kind = '', ...words]: readonly string[]): Promise<void> {
  const pack = KINDS[kind];
  if (pack === undefined) {
    throw new RhythmdError('E_USAGE', `no package "${kind}"`, `Kinds: ${Object.keys(KINDS).join(', ')}`);
  }
  // What goes into every one of them.
  await import('../build.ts');
  for (const path of await pack(words)) console.log(path);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(describeError(error));
  process.exitCode = error instanceof RhythmdError && error.code === 'E_USAGE' ? 2 : 1;
}
