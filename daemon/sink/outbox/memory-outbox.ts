/** An outbox that forgets when the daemon stops: for where there is no folder to write to, and for tests. */
import { LANES, type Lane, type Outbox, type OutboxCounts, type OutboxMessage } from './message.ts';

const MAX_MEMORY_MESSAGES = 4096;
const MAX_MEMORY_BYTES = 4 * 1024 * 1024;

export class MemoryOutbox implements Outbox {
  onReady: () => void = () => {};
  onRenumbered: () => void = () => {};
  /** Oldest first. */
  readonly #messages: OutboxMessage[] = [];
  readonly #maxMessages: number;
  #bytes = 0;
  #last = 0;
  #acknowledged = 0;
  #dropped = 0;
  #droppedAlerts = 0;

  constructor(maxMessages = MAX_MEMORY_MESSAGES) {
    this.#maxMessages = maxMessages;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  push(lane: Lane, topic: string, payload: string, tMs: number): void {
    const message = { sequence: ++this.#last, lane, topic, payload: Buffer.from(payload), tMs };
    this.#messages.push(message);
    this.#bytes += message.payload.length;
    while (this.#messages.length > this.#maxMessages || this.#bytes > MAX_MEMORY_BYTES) this.#drop();
    this.onReady();
  }

  async read(sequence: number, limit: number): Promise<readonly OutboxMessage[]> {
    const from = this.#messages.findIndex((message) => message.sequence > sequence);
    return from < 0 ? [] : this.#messages.slice(from, from + limit);
  }

  async readAlerts(sequence: number, limit: number): Promise<readonly OutboxMessage[]> {
    return this.#messages
      .filter((message) => message.lane === 'alert' && message.sequence > sequence)
      .slice(0, limit);
  }

  acknowledge({ sequence }: OutboxMessage): void {
    this.#acknowledged = Math.max(this.#acknowledged, sequence);
    while (this.#messages[0] && this.#messages[0].sequence <= sequence) this.#remove(0);
  }

  counts(): OutboxCounts {
    return {
      bytes: this.#bytes,
      messages: this.#messages.length,
      unstored: this.#messages.length,
      dropped: this.#dropped,
      droppedAlerts: this.#droppedAlerts,
      damaged: 0,
      failure: null,
    };
  }

  #drop(): void {
    for (const lane of LANES) {
      const oldest = this.#messages.findIndex((message) => message.lane === lane);
      if (oldest < 0) continue;
      this.#remove(oldest);
      this.#dropped++;
      if (lane === 'alert') this.#droppedAlerts++;
      return;
    }
  }

  #remove(index: number): void {
    const [message] = this.#messages.splice(index, 1);
    this.#bytes -= message?.payload.length ?? 0;
  }
}
