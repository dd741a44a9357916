/**
 * `npm run build`: what goes onto the device, in `dist/`. One file for the daemon, one for each page and one for the
 * simulated board start faster from an SD card than 1,600; modules with native parts stay packages.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, transform } from 'esbuild';
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
 * are older still. What it starts is a file of its own, and neither is a module: Node's loader of modules is much to start for two files.
 */
const LAUNCHER = `#!/usr/bin/env node
var version = process.versions.node.split('.').map(Number);
if (version[0] < ${OLDEST[0]} || (version[0] === ${OLDEST[0]} && version[1] < ${OLDEST[1]})) {
  console.error('E_NODE_VERSION: rhythmd needs Node ${OLDEST.join('.')} or later, this is ' + process.versions.node +
    '. Install the nodejs of Debian 12 or later, or one from nodejs.org');
  process.exit(2);
}
function fail(error) {
  if (error && error.code === 'MODULE_NOT_FOUND') {
    console.error('E_PROGRAM_INCOMPLETE: ' + error.message.split('\\n')[0] + '. Install the whole program again');
  } else if (error && error.fix) {
    console.error(error.code + ': ' + error.message + '. ' + error.fix);
  } else {
    console.error('E_UNEXPECTED: ' + (error && error.stack || error));
  }
  process.exit(1);
}
try {
  require('./daemon.js').ended.catch(fail);
} catch (error) {
  fail(error);
}
`;

/** Packages written for `require` find it here. */
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

const OPTIONS = {
  // What a verb alone needs is read when it is called.
  splitting: true,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: OLDEST_NODE,
  minifySyntax: true,
  // V8 keeps the text, in two bytes a letter where one of them needs two: comments of packages have such.
  minifyWhitespace: true,
  legalComments: 'linked',
  external: EXTERNAL,
  // The library that MQTT's packages bring for engines without streams of their own: 130 KB less to read at the start.
  alias: { 'readable-stream': 'node:stream' },
  logLevel: 'warning',
} as const satisfies BuildOptions;

async function bundleSimulator(entry: string, name: string): Promise<void> {
  await build({
    ...OPTIONS,
    entryPoints: [join(root, entry)],
    entryNames: name.slice(0, -'.mjs'.length),
    chunkNames: 'parts/[name]-[hash]',
    outdir: out,
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
  });
  told(name, statSync(join(out, name)).size);
}

/** What the launcher starts. */
async function bundleStart(entry: string, name: string): Promise<void> {
  await build({
    ...OPTIONS,
    entryPoints: [join(root, entry)],
    outfile: join(out, name),
    splitting: false,
    format: 'cjs',
    define: { 'import.meta.url': 'ownUrl' },
    banner: { js: "const ownUrl=require('node:url').pathToFileURL(__filename).href;" },
  });
  told(name, statSync(join(out, name)).size);
}

/** The daemon, in scripts whose compiled code can be kept (daemon/start). @param folder below `dist/` */
async function bundleProgram(entry: string, folder: string): Promise<void> {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [join(root, entry)],
    chunkNames: '[name]-[hash]',
    outdir: join(out, folder),
    outExtension: { '.js': '.cjs' },
    write: false,
  });
  mkdirSync(join(out, folder));
  for (const { path, text } of outputFiles) {
    writeFileSync(path, path.endsWith('.cjs') ? await asScript(text) : text);
  }
  told(
    `${folder}/`,
    outputFiles.reduce((sum, { contents }) => sum + contents.length, 0),
  );
}

/** Each name behind a second getter, all of which are one function: V8 would look every name up anew. */
const GUARDED_EXPORTS = 'module.exports=__toCommonJS(stdin_exports);';

/** A module as the body of a function that is given `module`, `exports`, `require` and `partUrl`. */
async function asScript(text: string): Promise<string> {
  const { code } = await transform(text, {
    format: 'cjs',
    // As a module is.
    banner: '"use strict";',
    target: OLDEST_NODE,
    // A part that is imported late is required late.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'partUrl' },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
  });
  // A part that exports nothing has no such line; one that has another would start slowly, and nobody would know why.
  if (code.includes('stdin_exports') && !code.includes(GUARDED_EXPORTS))
    throw new Error(`esbuild writes exports in another way than "${GUARDED_EXPORTS}": see daemon/build.ts`);
  return code.replace(GUARDED_EXPORTS, 'module.exports=stdin_exports;');
}

function told(name: string, bytes: number): void {
  console.log(`dist/${name}  ${Math.round(bytes / 1024)} KB`);
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
    bin,
    dependencies: native,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'rhythmd.js'), LAUNCHER, { mode: 0o755 });
await bundleProgram('daemon/main.ts', 'program');
await bundleStart('daemon/start/main.ts', 'daemon.js');
await bundleSimulator('firmware-sim/main.ts', 'sim.mjs');
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
