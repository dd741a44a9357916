/**
 * What the broker acknowledged last: a broker that dies may have had it in memory only, so it is sent again over the next
 * connection. Counted back from the last acknowledgement, not from when the broker is there again: it may be dead for
 * hours. What is sent again and not acknowledged before the next break stays due. Bounded.
 */
import type { OutboxMessage } from '../outbox/message.ts';

/** What lies this far before the last acknowledgement is taken as safe: longer than brokers wait with saving. */
const UNSAFE_MS = 5000;
const MOST_MESSAGES = 256;
/** Sent again, and not acknowledged since. */
const DUE = Number.POSITIVE_INFINITY;

export class AcknowledgedLately {
  /** By sequence, in the order of the last acknowledgement. */
  readonly #entries = new Map<number, { readonly message: OutboxMessage; acknowledgedMs: number }>();
  #lastMs = Number.NEGATIVE_INFINITY;

  /** From when on nothing is safe, on the clock of `add`. */
  get unsafeSinceMs(): number {
    return this.#lastMs - UNSAFE_MS;
  }

  add(message: OutboxMessage, acknowledgedMs: number): void {
    this.#lastMs = acknowledgedMs;
    this.#entries.delete(message.sequence);
    this.#entries.set(message.sequence, { message, acknowledgedMs });
    for (const sequence of this.#entries.keys()) {
      if (this.#entries.size <= MOST_MESSAGES) break;
      this.#entries.delete(sequence);
    }
  }

  /** The connection broke. @returns what goes again, in the order of its sequence; due until it is added once more */
  due(): OutboxMessage[] {
    const due: OutboxMessage[] = [];
    for (const [sequence, entry] of this.#entries) {
      if (entry.acknowledgedMs < this.unsafeSinceMs) {
        this.#entries.delete(sequence);
        continue;
      }
      entry.acknowledgedMs = DUE;
      due.push(entry.message);
    }
    return due.sort((a, b) => a.sequence - b.sequence);
  }
}
