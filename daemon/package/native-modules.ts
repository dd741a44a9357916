/** The native modules and what they need, of one processor alone: onnxruntime-node brings all platforms, 290 MB. */
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { root } from './staging.ts';

const WANTED = ['onnxruntime-node', 'serialport'];
/** As Node calls what Debian calls otherwise. */
const NODE_ARCHITECTURE = { arm64: 'arm64', amd64: 'x64' } as const;
/** What a module is made from, and helps whoever writes it. */
const NOT_NEEDED =
  /\.(md|map|d\.ts|ts|c|cc|cpp|h|hpp|gyp|gypi|yml|lock)$|\/(test|tests|docs|script|src|\.github|\.yarn|binding\.gyp)(\/|$)/;

/** What node-gyp-build does while a module is installed. */
const INSTALLS = /^(bin|build-test|optional)\.js$/;

export interface NativeModule {
  readonly name: string;
  readonly from: string;
  /** Whether a file or folder belongs into the package. */
  readonly keep: (path: string) => boolean;
}

export function nativeModules(architecture: keyof typeof NODE_ARCHITECTURE): NativeModule[] {
  const own = NODE_ARCHITECTURE[architecture];
  const found = new Map<string, string>();
  for (const name of WANTED) collect(name, root, found);
  return [...found].map(([name, from]) => ({
    name,
    from,
    keep: (path) => isKept(relative(from, path), own),
  }));
}

/** A module and everything that it depends on, each once. */
function collect(name: string, from: string, found: Map<string, string>): void {
  const folder = folderOf(name, from);
  if (folder === null || found.has(name)) return;
  found.set(name, folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  for (const dependency of Object.keys(dependencies)) {
    if (!INSTALL_ONLY.has(dependency)) collect(dependency, folder, found);
  }
}

/** Used by install scripts alone. */
const INSTALL_ONLY = new Set(['adm-zip', 'global-agent', 'node-gyp', 'node-addon-api', 'tar']);

function folderOf(name: string, from: string): string | null {
  for (const place of createRequire(join(from, 'package.json')).resolve.paths(name) ?? []) {
    try {
      const folder = realpathSync(join(place, name));
      readFileSync(join(folder, 'package.json'));
      return folder;
    } catch {
      // Not there: the next folder up.
    }
  }
  return null;
}

function isKept(path: string, own: string): boolean {
  if (path === '') return true;
  if (INSTALLS.test(path) || NOT_NEEDED.test(`/${path}`) || /(^|\/)node_modules(\/|$)/.test(path))
    return false;
  const runtime = /^bin\/napi-v\d+\/([^/]+)(?:\/([^/]+))?/.exec(path);
  if (runtime !== null) return runtime[1] === 'linux' && (runtime[2] === undefined || runtime[2] === own);
  const prebuilt = /^prebuilds\/([^/]+)(?:\/(.+))?/.exec(path);
  if (prebuilt !== null) return prebuilt[1] === `linux-${own}` && !/musl/.test(prebuilt[2] ?? '');
  return dirname(path) !== 'lib/binding' || !/win32|darwin/.test(path);
}
