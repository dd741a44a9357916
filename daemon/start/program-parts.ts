/**
 * The parts of the built program, each a script of its own. Node's own loaders of modules keep nothing of what was compiled
 * (those of Node 18 and 20); a script can be given it, and be asked for it once it has run.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { CodeCache } from './code-cache.ts';

/** What a part is called with: the build writes parts for these names. */
const BEFORE = '(function(module,exports,require,partUrl){';
const AFTER = '\n})';

interface Module {
  readonly exports: unknown;
}

type Part = (module: Module, exports: unknown, require: (id: string) => unknown, url: string) => void;

interface Compiled {
  /** As it was when the script was made of it, whatever lies on the disk by now. V8 keeps the same text. */
  readonly source: string;
  readonly script: Script;
  readonly wasKept: boolean;
}

export class ProgramParts {
  readonly #folder: string;
  readonly #cache: CodeCache;
  readonly #modules = new Map<string, Module>();
  readonly #compiled = new Map<string, Compiled>();

  /** @param folder of the parts; @param cache what was kept of them */
  constructor(folder: string, cache: CodeCache) {
    this.#folder = folder;
    this.#cache = cache;
  }

  /** Takes what was kept, while the engine's flags are those that it was kept under. */
  takeKept(): void {
    for (const name of this.#cache.names) {
      try {
        this.#compile(name);
      } catch {
        // A part of another version that is gone: nobody asks for it.
      }
    }
  }

  /** @returns what the part exports. @throws E_PROGRAM_INCOMPLETE; what running it throws */
  load(name: string): unknown {
    const there = this.#modules.get(name);
    if (there !== undefined) return there.exports;
    const path = join(this.#folder, name);
    const module = { exports: {} };
    const part = this.#function(name);
    this.#modules.set(name, module);
    const outside = createRequire(path);
    const require = (id: string) => (id.startsWith('./') ? this.load(id.slice(2)) : outside(id));
    try {
      part(module, module.exports, require, pathToFileURL(path).href);
    } catch (error) {
      this.#modules.delete(name);
      throw error;
    }
    return module.exports;
  }

  /** Whether something was loaded that had not been kept. */
  get hasNew(): boolean {
    return [...this.#compiled.values()].some(({ wasKept }) => !wasKept);
  }

  /** What is compiled by now of what was loaded: a part at a time, as each takes a moment. */
  *compiled(): Generator<readonly [name: string, source: string, code: Buffer]> {
    for (const [name, { source, script }] of [...this.#compiled]) {
      yield [name, source, script.createCachedData()];
    }
  }

  /** A copy that was broken off, a card that fails, or another version laid over this one while it runs. */
  #function(name: string): Part {
    try {
      return this.#compile(name).script.runInThisContext();
    } catch (error) {
      throw new RhythmdError(
        'E_PROGRAM_INCOMPLETE',
        `${join(this.#folder, name)} is missing or damaged (${error instanceof Error ? error.message : String(error)})`,
        'Install the whole program again, and start it anew',
        { cause: error },
      );
    }
  }

  #compile(name: string): Compiled {
    const there = this.#compiled.get(name);
    if (there !== undefined) return there;
    const source = this.#text(name);
    const cachedData = this.#cache.get(name, source);
    const filename = join(this.#folder, name);
    const script = new Script(source, { filename, columnOffset: -BEFORE.length, cachedData });
    const wasKept = cachedData !== undefined && script.cachedDataRejected === false;
    const compiled = { source, script, wasKept };
    this.#compiled.set(name, compiled);
    return compiled;
  }

  /** Parts are ASCII: a byte is a letter. */
  #text(name: string): string {
    return `${BEFORE}${readFileSync(join(this.#folder, name), 'latin1')}${AFTER}`;
  }
}
