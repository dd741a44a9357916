/** What waits for the broker. */

/**
 * Kinds of message, first to last in what is given up when room runs out: a strip can be cut again from the
 * recording, a beat is one of many, an alert is why the daemon exists.
 */
export const LANES = ['strip', 'beat', 'alert'] as const;
export type Lane = (typeof LANES)[number];

export interface OutboxMessage {
  /** Position in the one order of all messages; grows over restarts, never used twice. */
  readonly sequence: number;
  readonly lane: Lane;
  readonly topic: string;
  readonly payload: Buffer;
  /** When it happened: what the age bound goes by. */
  readonly tMs: number;
}

export interface OutboxCounts {
  readonly bytes: number;
  readonly messages: number;
  /** Given up since the start, unsent: for room or for age. */
  readonly dropped: number;
  /** Alerts among them. */
  readonly droppedAlerts: number;
}

/** A queue that outlives the broker's absence. Every method but `open`, `close` and `read` returns at once. */
export interface Outbox {
  /** Called whenever there may be something new to read. */
  onReady: () => void;
  open(): Promise<void>;
  close(): Promise<void>;
  push(lane: Lane, topic: string, payload: string, tMs: number): void;
  /** The oldest messages after `sequence`, in order, at most `limit`. */
  read(sequence: number, limit: number): Promise<readonly OutboxMessage[]>;
  /** The broker has every message up to and including this one: they are deleted. */
  acknowledge(sequence: number): void;
  /** Where reading starts after a new connection. */
  readonly acknowledged: number;
  counts(): OutboxCounts;
}
