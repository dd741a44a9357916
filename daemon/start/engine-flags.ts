/**
 * Flags of V8 at a start. They are part of what compiled code is known by: while one differs from the engine's own, Node
 * cannot use the compiled code that it brings of its own modules.
 */
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/** Sizes of the heap are read when it is made; afterwards the flags say nothing. 0 is what they are by themselves. */
const READ_ONCE = ['--max-semi-space-size', '--max-old-space-size'];

/** What `rhythmd run` loads of Node: as long as the flags are the engine's own. */
const OF_NODE = [
  'http',
  'net',
  'tls',
  'crypto',
  'zlib',
  'child_process',
  'stream',
  'fs/promises',
  'url',
  'dns',
];

/**
 * How long a function runs before V8 optimizes it, in bytes of its code, by major version of Node; others have no such flag
 * (22) or were not tried. A start runs through much that is never run again.
 */
const PATIENCE: Readonly<Record<string, number>> = { 18: 135_168, 20: 67_584 };
const AT_START = 1_000_000;

/** Before anything else is loaded. */
export function forgetHeapFlags(): void {
  for (const flag of READ_ONCE) {
    if (process.execArgv.some((word) => word.startsWith(`${flag}=`))) setFlagsFromString(`${flag}=0`);
  }
}

/** @returns what makes V8 optimize as it does by itself */
export function optimizeLater(): () => void {
  const own = PATIENCE[process.versions.node.split('.')[0]!];
  if (own === undefined) return () => {};
  const load = createRequire(import.meta.url);
  for (const name of OF_NODE) load(`node:${name}`);
  setFlagsFromString(`--interrupt-budget=${AT_START}`);
  return () => setFlagsFromString(`--interrupt-budget=${own}`);
}
