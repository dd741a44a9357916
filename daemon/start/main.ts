/** The built program's start: its parts, from what was compiled at an earlier start where there is such. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configuredPath } from '../config/paths.ts';
import { CodeCache } from './code-cache.ts';
import { forgetHeapFlags, optimizeLater } from './engine-flags.ts';
import { keepCode } from './keep-code.ts';
import { ProgramParts } from './program-parts.ts';

/** Whoever deletes it loses half a second of the next start. */
const FILE = '$STATE_DIRECTORY/code-cache';
/** By then beats, pages and recordings have run through whatever a start needs. */
const STARTED_AFTER_MS = 60_000;

const here = dirname(fileURLToPath(import.meta.url));

/** Settled when the program has ended. */
export const ended: Promise<void> = process.argv[2] === 'run' ? startDaemon() : program().ended();

function startDaemon(): Promise<void> {
  forgetHeapFlags();
  const path = configuredPath(FILE);
  const { parts, ended } = program(CodeCache.read(path));
  parts.takeKept();
  const optimizeAsBefore = optimizeLater();
  setTimeout(() => {
    optimizeAsBefore();
    if (parts.hasNew && existsSync(dirname(path))) void keepCode(parts, path);
  }, STARTED_AFTER_MS).unref();
  return ended();
}

function program(cache = CodeCache.EMPTY): {
  readonly parts: ProgramParts;
  readonly ended: () => Promise<void>;
} {
  const parts = new ProgramParts(join(here, 'program'), cache);
  return { parts, ended: () => (parts.load('main.cjs') as { readonly ended: Promise<void> }).ended };
}
