/**
 * Who changed what, and when: every request that silences, acknowledges or changes the replay, and every change of the
 * alert limits, one JSON object a line, in a file of its own. Bounded: when it is full it becomes `audit.1.jsonl`, in
 * the place of the one before.
 */
import { appendFile, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_MODE, FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import { removeLeftovers, writeWholeFile } from '@rhythmd/shell/whole-file.ts';
import type { Requester } from './gateway.ts';

const FILE = 'audit.jsonl';
const OLDER_FILE = 'audit.1.jsonl';
const LIMITS_FILE = 'limits.json';
/** Lines that wait for a disk that hangs; beyond it they are lost, counted and told. */
const MAX_WAITING = 1000;

export interface AuditEntry {
  /** The verb of a request, or `alert limits`. */
  readonly what: string;
  readonly body: unknown;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  readonly by: Requester;
}

type Limits = Readonly<Record<string, unknown>>;

export interface AuditLogOptions {
  readonly folder: string;
  readonly maxBytes: number;
  /** Wall time, Unix milliseconds. */
  readonly nowMs: () => number;
  readonly onFailure: (error: unknown) => void;
}

export class AuditLog {
  readonly #options: AuditLogOptions;
  #waiting: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #bytes: number | null = null;
  /** Lines that no disk took. */
  lost = 0;

  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  /** Never throws, and waits for nothing. */
  add({ what, body, outcome, by }: AuditEntry): void {
    const nowMs = this.#options.nowMs();
    const time = new Date(nowMs).toISOString();
    const { via, user, from } = by;
    if (this.#waiting.length >= MAX_WAITING) {
      this.lost++;
      return;
    }
    this.#waiting.push(`${JSON.stringify({ t_ms: nowMs, time, what, body, outcome, via, user, from })}\n`);
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** Writes down how the limits differ from those of the last run. The first run only remembers them. */
  async noteLimits(limits: Limits, by: Requester): Promise<void> {
    try {
      const { folder } = this.#options;
      const file = join(folder, LIMITS_FILE);
      removeLeftovers(file);
      const before = await readLimits(file);
      const now = JSON.stringify(limits);
      if (before !== null && JSON.stringify(before) === now) return;
      await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
      if (before !== null) {
        this.add({ what: 'alert limits', body: changesOf(before, limits), outcome: 'ok', by });
        await this.#writing;
      }
      await writeWholeFile(file, now, { mode: FILE_MODE });
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  /** Waits until what was added is in the file, or could not be written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    const { folder, maxBytes, onFailure } = this.#options;
    try {
      const file = join(folder, FILE);
      await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
      this.#bytes ??= await sizeOf(file);
      const text = lines.join('');
      const bytes = Buffer.byteLength(text);
      if (this.#bytes > 0 && this.#bytes + bytes > maxBytes) {
        await rename(file, join(folder, OLDER_FILE));
        this.#bytes = 0;
      }
      await appendFile(file, text, { mode: FILE_MODE });
      this.#bytes += bytes;
    } catch (error) {
      this.lost += lines.length;
      this.#bytes = null;
      onFailure(error);
    }
  }
}

async function readLimits(file: string): Promise<Limits | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Limits;
  } catch {
    return null;
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

function changesOf(before: Limits, after: Limits): Record<string, { before: unknown; after: unknown }> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(
    changed.map((name) => [name, { before: before[name] ?? null, after: after[name] ?? null }]),
  );
}
