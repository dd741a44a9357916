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
  /** Those of them that are in memory only, because the disk has not taken them yet. */
  readonly unstored: number;
  /** Given up since the start, unsent: for room or for age. */
  readonly dropped: number;
  /** Alerts among them. */
  readonly droppedAlerts: number;
  /** Messages of earlier runs that could not be read: their checksum was wrong. */
  readonly damaged: number;
  /** What the disk says when it takes nothing; null while it does. New messages wait in memory then. */
  readonly failure: string | null;
}

/** A queue that outlives the broker's absence. Every method but `open`, `close` and `read` returns at once. */
export interface Outbox {
  /** Called whenever there may be something new to read. */
  onReady: () => void;
  /** Called when a folder that could not be used was opened late: sequences are others, reading starts at `acknowledged`. */
  onRenumbered: () => void;
  open(): Promise<void>;
  close(): Promise<void>;
  push(lane: Lane, topic: string, payload: string, tMs: number): void;
  /** The oldest messages after `sequence`, in order, at most `limit`. */
  read(sequence: number, limit: number): Promise<readonly OutboxMessage[]>;
  /** The same of the alerts alone, for who has reason to send them before their turn. */
  readAlerts(sequence: number, limit: number): Promise<readonly OutboxMessage[]>;
  /** The broker has this message and all before it: it is deleted. */
  acknowledge(message: OutboxMessage): void;
  /** Where reading starts after a new connection. */
  readonly acknowledged: number;
  counts(): OutboxCounts;
}
