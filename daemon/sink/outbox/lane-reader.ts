/** Reads one lane's files in order, a file at a time: what was written before it left memory. */
import { FILE_MAGIC, scanFrames } from './frame.ts';
import type { LaneLog } from './lane-log.ts';
import type { OutboxMessage } from './message.ts';
import type { Segment } from './segment.ts';

/** Each a second after the other. */
const MAX_READ_FAILURES = 5;

interface Found {
  readonly message: OutboxMessage;
  readonly end: number;
}

export class LaneReader {
  readonly #log: LaneLog;
  #segment: Segment | null = null;
  #bytes: Buffer = Buffer.alloc(0);
  #offset = 0;
  /** Everything up to here has been taken. */
  #position: number;

  constructor(log: LaneLog, afterSequence: number) {
    this.#log = log;
    this.#position = afterSequence;
  }

  /** The next message, without taking it; null when the files hold no more. */
  async peek(): Promise<OutboxMessage | null> {
    for (;;) {
      const found = this.#next();
      if (found) return found.message;
      if (!(await this.#load())) return null;
    }
  }

  take(): void {
    const found = this.#next();
    if (!found) return;
    this.#position = found.message.sequence;
    this.#offset = found.end;
  }

  #next(): Found | null {
    const found: Found[] = [];
    scanFrames(this.#bytes, this.#offset, this.#log.lane, (message, end) => {
      if (message.sequence > this.#position) found.push({ message, end });
      else this.#offset = end;
      return found.length === 0;
    });
    return found[0] ?? null;
  }

  /** @throws what the disk says; look again later. Loads the first file that goes beyond the position: a new one, or the same when it has grown. */
  async #load(): Promise<boolean> {
    const segment = this.#log.segments.find(({ last }) => last > this.#position);
    if (!segment) return false;
    const before = segment === this.#segment ? this.#bytes.length : 0;
    try {
      this.#bytes = await segment.read();
    } catch (error) {
      const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      // A card that cannot read now may in a second; one that never can must not hold up what lies behind it.
      if (!isGone && ++segment.readFailures < MAX_READ_FAILURES) throw error;
      if (!isGone || this.#log.segments.includes(segment)) this.#position = segment.last;
      return true;
    }
    if (segment !== this.#segment) this.#offset = FILE_MAGIC.length;
    this.#segment = segment;
    if (this.#bytes.length > before) return true;
    // Damaged to its end: there is nothing more in it.
    this.#position = segment.last;
    return true;
  }
}
