/** What a part of the daemon keeps over a restart: one small JSON file, replaced as a whole, for nobody else on the machine. */
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FILE_MODE, FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFile } from '@rhythmd/shell/whole-file.ts';
import * as v from 'valibot';

const MAX_BYTES = 1 << 20;

/** @returns null: there is none; @throws what is wrong with it, as an Error */
export async function readState<S extends v.GenericSchema>(
  file: string,
  schema: S,
): Promise<v.InferOutput<S> | null> {
  let bytes: string;
  try {
    const found = await stat(file);
    // Opening a FIFO waits for ever for its other end.
    if (!found.isFile()) throw new Error('it is no regular file');
    if (found.size > MAX_BYTES) throw new Error('it is too long');
    bytes = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const result = v.safeParse(schema, JSON.parse(bytes));
  if (result.success) return result.output;
  throw new Error(
    result.issues.map((issue) => `${v.getDotPath(issue) ?? 'file'}: ${issue.message}`).join('; '),
  );
}

/** Writes one state after the other; of several that wait only the latest is written. */
export class StateFile<State> {
  readonly #file: string;
  readonly #onFailure: (error: unknown) => void;
  #latest: State | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isKept = false;

  constructor(file: string, onFailure: (error: unknown) => void) {
    this.#file = file;
    this.#onFailure = onFailure;
  }

  /** @returns whether this state, or a later one, is on the disk now */
  async keep(state: State): Promise<boolean> {
    this.#latest = state;
    const turn = this.#writing.then(async () => {
      const next = this.#latest;
      // None: the turn before this one has written it.
      if (next !== null) this.#isKept = await this.#write(next);
    });
    this.#writing = turn;
    await turn;
    return this.#isKept;
  }

  /** Waits until what was to be kept is kept, or could not be. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(state: State): Promise<boolean> {
    this.#latest = null;
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: FOLDER_MODE });
      await writeWholeFile(this.#file, JSON.stringify(state), { mode: FILE_MODE });
      return true;
    } catch (error) {
      this.#onFailure(error);
      // What was undone, or another patient's, must not come back with the next start. A full disk lets go.
      await rm(this.#file, { force: true }).catch(() => {});
      return false;
    }
  }
}
