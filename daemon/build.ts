/**
 * `npm run build`: what goes onto the device, in `dist/`. One file for the daemon, one for each page and one for the
 * simulated board start faster from an SD card than 1,600; modules with native parts stay packages.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { VERSION } from './version.ts';
import { bundlePage } from './web/bundle-page.ts';
import { builtPage, builtPageFile } from './web/page-assets.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = process.env.RHYTHMD_DIST_FOLDER || join(root, 'dist');

/** Native parts cannot be bundled; esbuild only bundles the page of a checkout. */
const NATIVE = ['onnxruntime-node', 'serialport'];
const EXTERNAL = [...NATIVE, 'esbuild'];

/** Debian bookworm has 18.20: what a bundle uses beyond it ends in a sentence of the launcher. */
const OLDEST = [18, 20] as const;
const OLDEST_NODE = `node${OLDEST.join('.')}`;

/**
 * What is started: it says in one sentence where the engine is too old to read the rest, and so is written for engines that
 * are older still. Imports are resolved before a file's first line, so the program is a file of its own.
 */
const LAUNCHER = `#!/usr/bin/env node
var version = process.versions.node.split('.').map(Number);
if (version[0] < ${OLDEST[0]} || (version[0] === ${OLDEST[0]} && version[1] < ${OLDEST[1]})) {
  console.error('E_NODE_VERSION: rhythmd needs Node ${OLDEST.join('.')} or later, this is ' + process.versions.node +
    '. Install the nodejs of Debian 12 or later, or one from nodejs.org');
  process.exit(2);
}
import('./daemon.js').catch(function (error) {
  console.error('E_UNEXPECTED: ' + (error && error.stack || error));
  process.exit(1);
});
`;

/** Packages written for `require` find it here. */
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

async function bundle(entry: string, name: string): Promise<void> {
  await build({
    entryPoints: [join(root, entry)],
    entryNames: name.slice(0, -'.js'.length),
    // What a verb alone needs is read when it is called.
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: OLDEST_NODE,
    minifySyntax: true,
    // V8 keeps the text, in two bytes a letter where one of them needs two: comments of packages have such.
    minifyWhitespace: true,
    legalComments: 'linked',
    banner: { js: REQUIRE },
    external: EXTERNAL,
    // The library that MQTT's packages bring for engines without streams of their own: 130 KB less to read at the start.
    alias: { 'readable-stream': 'node:stream' },
    logLevel: 'warning',
  });
  console.log(`dist/${name}  ${Math.round(statSync(join(out, name)).size / 1024)} KB`);
}

/** The native packages at the versions the workspace has locked. */
function devicePackage(): string {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'daemon/package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const native = Object.fromEntries(NATIVE.map((name) => [name, dependencies[name]!]));
  const bin = { rhythmd: 'rhythmd.js' };
  const content = {
    name: 'rhythmd',
    version: VERSION,
    private: true,
    type: 'module',
    bin,
    dependencies: native,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'rhythmd.js'), LAUNCHER, { mode: 0o755 });
await bundle('daemon/main.ts', 'daemon.js');
await bundle('firmware-sim/main.ts', 'sim.js');
mkdirSync(join(out, 'pages'));
for (const name of ['bedside', 'ward'] as const) {
  writeFileSync(join(out, builtPageFile(name)), builtPage(await bundlePage(name)));
}
for (const name of ['config', 'models', 'LICENSE']) {
  if (existsSync(join(root, name))) cpSync(join(root, name), join(out, name), { recursive: true });
}
// The native packages' install scripts fetch what a device without a graphics card has no use for.
cpSync(join(root, '.npmrc'), join(out, '.npmrc'));
writeFileSync(join(out, 'package.json'), devicePackage());
console.log('dist/  copy it to the device and run `npm install --omit=dev` there once');
