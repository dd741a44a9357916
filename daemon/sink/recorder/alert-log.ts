/**
 * Alerts and their strips as JSON lines, one file a day. They stay when recordings have to go, within a bound
 * of their own.
 */
import { appendFile, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { sizeOrMakeRoom } from '@rhythmd/shell/regular-file.ts';

/** A strip is about 18 kB: this holds some 10,000 alerts. */
const MAX_ALERT_LOG_BYTES = 200 * 1024 * 1024;
/** Lines that wait for a slow disk. */
const MAX_WAITING = 1000;

const FILE_NAME = /^alerts_\d{8}\.jsonl$/;

export class AlertLog {
  readonly #folder: string;
  readonly #sync: boolean;
  #waiting: { name: string; line: string }[] = [];
  #dropped = 0;
  #current = '';

  constructor(folder: string, sync: boolean) {
    this.#folder = folder;
    this.#sync = sync;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  add(timeMs: number, event: object): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped++;
      return;
    }
    const day = new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '');
    this.#waiting.push({ name: `alerts_${day}.jsonl`, line: `${JSON.stringify(event)}\n` });
  }

  /** @returns bytes written. @throws what the disk says; the lines wait on */
  async flush(): Promise<number> {
    let bytes = 0;
    while (this.#waiting.length > 0) {
      const { name } = this.#waiting[0]!;
      const batch = new Set(this.#waiting.filter((waiting) => waiting.name === name));
      const text = [...batch].map(({ line }) => line).join('');
      const path = join(this.#folder, name);
      try {
        if (name !== this.#current) await this.#begin(path);
        this.#current = name;
        await appendFile(path, text, { flush: this.#sync, mode: FILE_MODE });
      } catch (error) {
        // Part of a line may be there: the next attempt looks.
        this.#current = '';
        throw error;
      }
      bytes += text.length;
      this.#waiting = this.#waiting.filter((waiting) => !batch.has(waiting));
    }
    return bytes;
  }

  /** A line that a crash cut off ends here, and files beyond the bound go, oldest first. */
  async #begin(path: string): Promise<void> {
    const size = await sizeOrMakeRoom(path);
    if (size > 0) {
      const file = await open(path, 'r+');
      try {
        const last = Buffer.alloc(1);
        await file.read(last, 0, 1, size - 1);
        if (last[0] !== 0x0a) await file.write('\n', size);
      } finally {
        // On a full disk too: a handle a second, and after a quarter of an hour nothing can be opened any more.
        await file.close();
      }
    }
    const names = (await readdir(this.#folder)).filter((name) => FILE_NAME.test(name)).sort();
    let total = 0;
    for (const name of names.reverse()) {
      total += (await stat(join(this.#folder, name))).size;
      if (total > MAX_ALERT_LOG_BYTES) await rm(join(this.#folder, name));
    }
  }
}
