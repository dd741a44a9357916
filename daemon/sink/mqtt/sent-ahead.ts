/**
 * Alerts that went to the broker before their turn, past a backlog of beats. They stay in the outbox until their turn
 * comes: only then is it known that nothing before them is missing. Bounded; what is too much waits its turn.
 */

export interface Sent {
  readonly sequence: number;
  readonly sentMs: number;
  acknowledgedMs: number | null;
}

const MOST_AHEAD = 256;

export class SentAhead<Entry extends Sent> {
  readonly #entries = new Map<number, Entry>();

  get isFull(): boolean {
    return this.#entries.size >= MOST_AHEAD;
  }

  /** How many the broker has not acknowledged yet, and when the oldest of them was sent; null when there is none. */
  get waiting(): { readonly count: number; readonly oldestMs: number | null } {
    let count = 0;
    let oldestMs: number | null = null;
    for (const { acknowledgedMs, sentMs } of this.#entries.values()) {
      if (acknowledgedMs !== null) continue;
      count += 1;
      oldestMs ??= sentMs;
    }
    return { count, oldestMs };
  }

  has(sequence: number): boolean {
    return this.#entries.has(sequence);
  }

  add(entry: Entry): void {
    this.#entries.set(entry.sequence, entry);
  }

  /** Its turn has come. @returns it; null when it was not sent yet */
  take(sequence: number): Entry | null {
    const entry = this.#entries.get(sequence) ?? null;
    this.#entries.delete(sequence);
    return entry;
  }

  /** Those before `sequence` that never had a turn were given up by the outbox. */
  forgetBefore(sequence: number): void {
    for (const key of this.#entries.keys()) if (key < sequence) this.#entries.delete(key);
  }

  /** The connection broke: what was not acknowledged, or only since `sinceMs`, goes again. */
  forgetUncertain(sinceMs: number): void {
    for (const { sequence, acknowledgedMs } of [...this.#entries.values()]) {
      if (acknowledgedMs === null || acknowledgedMs >= sinceMs) this.#entries.delete(sequence);
    }
  }
}
