/**
 * The newest messages in memory: sent from here without reading them back, and all there is when the disk
 * takes nothing. Bounded: what is on disk leaves first, then the oldest of what matters least is lost.
 */
import { LANES, type Lane, type OutboxMessage } from './message.ts';

export const MAX_TAIL_MESSAGES = 4096;
const MAX_TAIL_BYTES = 4 * 1024 * 1024;

export interface TailEntry {
  readonly message: OutboxMessage;
  readonly pushedMs: number;
  /** It is on its way into a file: not to be given up now. */
  writing: boolean;
  /** It is in a file. */
  stored: boolean;
  /** The broker has it. */
  acknowledged: boolean;
}

export interface Sendable {
  readonly messages: readonly OutboxMessage[];
  /** When to look again for one the disk has not taken yet; null when none waits. */
  readonly waitMs: number | null;
}

export class Tail {
  /** In order of their sequence. */
  readonly #entries: TailEntry[] = [];
  #bytes = 0;
  #completeFrom: number;

  constructor(nextSequence: number) {
    this.#completeFrom = nextSequence;
  }

  /** Every unacknowledged message from this sequence on is here. */
  get completeFrom(): number {
    return this.#completeFrom;
  }

  get full(): boolean {
    return this.#entries.length > MAX_TAIL_MESSAGES || this.#bytes > MAX_TAIL_BYTES;
  }

  /** @param nowMs by the clock that nobody sets */
  push(message: OutboxMessage, nowMs: number): void {
    this.#entries.push({ message, pushedMs: nowMs, writing: false, stored: false, acknowledged: false });
    this.#bytes += message.payload.length;
  }

  /** Forgets the oldest that are on disk until it is no longer full. */
  shrink(): void {
    while (this.full && this.#entries[0]?.stored) {
      this.#completeFrom = this.#entries[0].message.sequence + 1;
      this.#removeAt(0);
    }
  }

  /** Gives up the oldest unstored message of the least important lane. @returns it; null when there is none */
  drop(): OutboxMessage | null {
    for (const lane of LANES) {
      const index = this.#entries.findIndex(
        ({ stored, writing, message }) => !stored && !writing && message.lane === lane,
      );
      if (index >= 0) return this.#removeAt(index).message;
    }
    return null;
  }

  /** Messages after `sequence` (of one lane, or of all) that may go out now, oldest first: stored, or older than the patience. */
  sendable(
    sequence: number,
    limit: number,
    nowMs: number,
    patienceMs: number,
    lane: Lane | null = null,
  ): Sendable {
    const messages: OutboxMessage[] = [];
    for (const { message, stored, pushedMs } of this.#entries) {
      if (message.sequence <= sequence || (lane !== null && message.lane !== lane)) continue;
      const waitMs = pushedMs + patienceMs - nowMs;
      if (!stored && waitMs > 0) return { messages, waitMs };
      messages.push(message);
      if (messages.length >= limit) break;
    }
    return { messages, waitMs: null };
  }

  /** The file that held these has gone: they are written again. @returns how many are here */
  unstore(lane: Lane, first: number, last: number): number {
    let count = 0;
    for (const entry of this.#entries) {
      const { sequence } = entry.message;
      if (entry.message.lane !== lane || sequence < first || sequence > last || !entry.stored) continue;
      entry.stored = false;
      count++;
    }
    return count;
  }

  /** What the disk has not, oldest first, up to `maxBytes`. */
  unstored(maxBytes: number): TailEntry[] {
    const entries: TailEntry[] = [];
    let bytes = 0;
    for (const entry of this.#entries) {
      if (entry.stored) continue;
      bytes += entry.message.payload.length;
      if (entries.length > 0 && bytes > maxBytes) break;
      entries.push(entry);
    }
    return entries;
  }

  unstoredCount(): { readonly messages: number; readonly bytes: number } {
    let [messages, bytes] = [0, 0];
    for (const { stored, message } of this.#entries) {
      if (stored) continue;
      messages++;
      bytes += message.payload.length;
    }
    return { messages, bytes };
  }

  /** The broker has it. @returns its entry; null when it had left memory */
  acknowledge(sequence: number): TailEntry | null {
    const index = this.#entries.findIndex(({ message }) => message.sequence === sequence);
    if (index < 0) return null;
    const entry = this.#removeAt(index);
    entry.acknowledged = true;
    return entry;
  }

  #removeAt(index: number): TailEntry {
    const [entry] = this.#entries.splice(index, 1) as [TailEntry];
    this.#bytes -= entry.message.payload.length;
    return entry;
  }
}
