/**
 * Moves messages from memory to files, and files away. One piece of work at a time; a disk that fails is
 * asked again until it works, while messages wait in memory.
 */
import type { Logger } from '../../log/logger.ts';
import { encodeFrame } from './frame.ts';
import type { LaneLog } from './lane-log.ts';
import { LANES, type Lane, type OutboxMessage } from './message.ts';
import type { Tail, TailEntry } from './tail.ts';

/** Beats and strips are synced within this; alerts at once. */
const SYNC_MS = 1000;
/** Written at once, at most. */
const BATCH_BYTES = 256 * 1024;
/** After a failed write. */
const RETRY_MS = 1000;
/** How often the files are looked for: somebody may have taken the folder away, and writing to them says nothing. */
const LOOK_MS = 2000;

export interface DiskBounds {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

export class OutboxDisk {
  readonly counts = { dropped: 0, droppedAlerts: 0, syncs: 0 };
  /** Called when messages have reached the disk. */
  onStored: () => void = () => {};
  readonly logs: Readonly<Record<Lane, LaneLog>>;
  readonly #tail: Tail;
  readonly #bounds: DiskBounds;
  readonly #log: Logger;
  readonly #monotonicMs: () => number;
  readonly #onTaken: () => Promise<void>;
  #working: Promise<void> | null = null;
  /** Somebody called while it worked. */
  #woken = false;
  #failure: string | null = null;
  #syncTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #lookTimer: NodeJS.Timeout | null = null;
  #lookDue = false;
  #closing = false;

  /** @param onTaken the folder was taken away and is made again: what else lies in it has to be, too */
  constructor(
    logs: Readonly<Record<Lane, LaneLog>>,
    tail: Tail,
    bounds: DiskBounds,
    log: Logger,
    monotonicMs: () => number,
    onTaken: () => Promise<void>,
  ) {
    this.logs = logs;
    this.#tail = tail;
    this.#bounds = bounds;
    this.#log = log;
    this.#monotonicMs = monotonicMs;
    this.#onTaken = onTaken;
  }

  /** What the disk said when it last took nothing; null while it works. */
  get failure(): string | null {
    return this.#failure;
  }

  get bytes(): number {
    return LANES.reduce((sum, lane) => sum + this.logs[lane].bytes, 0);
  }

  get pending(): number {
    return LANES.reduce((sum, lane) => sum + this.logs[lane].pending, 0);
  }

  /** There is something to write or to remove. */
  wake(): void {
    this.#woken = true;
    this.#lookTimer ??= setTimeout(() => {
      this.#lookTimer = null;
      this.#lookDue = true;
      if (this.pending > 0) this.wake();
    }, LOOK_MS).unref();
    if (this.#working || this.#retryTimer || this.#closing) return;
    this.#working = this.#run().finally(() => {
      this.#working = null;
    });
  }

  /** A message that is in a file has been acknowledged. */
  acknowledge({ lane, sequence }: OutboxMessage): void {
    if (this.logs[lane].acknowledge(sequence)) this.wake();
  }

  /** Memory is full of what the disk did not take: a full disk may have room where old messages were. */
  makeRoom(): void {
    if (this.#failure === null || !this.#failure.includes('ENOSPC')) return;
    void this.#dropOldest().catch(() => {});
  }

  /** Writes what is left, as far as the disk takes it. */
  async close(): Promise<void> {
    await this.#working;
    this.#closing = true;
    for (const timer of [this.#syncTimer, this.#retryTimer, this.#lookTimer]) if (timer) clearTimeout(timer);
    this.#lookDue = true;
    try {
      while (await this.#step());
      for (const lane of LANES) await this.logs[lane].close();
    } catch (error) {
      this.#failed(error);
    }
  }

  async #run(): Promise<void> {
    try {
      while (this.#woken) {
        this.#woken = false;
        while (await this.#step());
      }
      if (this.#failure !== null) this.#log.info('the disk takes messages again');
      this.#failure = null;
    } catch (error) {
      this.#failed(error);
    }
  }

  /** @returns whether there may be more to do */
  async #step(): Promise<boolean> {
    for (const lane of LANES) await this.logs[lane].clear();
    if (this.#lookDue) await this.#look();
    const entries = this.#tail.unstored(BATCH_BYTES);
    // What matters most first, should the disk take no more; none waits for another.
    const appended = [...LANES].reverse().map((lane) => {
      const ofLane = entries.filter(({ message }) => message.lane === lane);
      return ofLane.length > 0 ? this.#append(this.logs[lane], ofLane) : null;
    });
    const failed = (await Promise.allSettled(appended)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    await this.#keepBounds();
    return entries.length > 0;
  }

  async #append(log: LaneLog, entries: readonly TailEntry[]): Promise<void> {
    const messages = entries.map(({ message }) => message);
    for (const entry of entries) entry.writing = true;
    try {
      await log.append(messages, messages.map(encodeFrame), this.#monotonicMs());
    } finally {
      for (const entry of entries) entry.writing = false;
    }
    for (const entry of entries) {
      entry.stored = true;
      // The broker was faster than the disk.
      if (entry.acknowledged) this.acknowledge(entry.message);
    }
    this.#tail.shrink();
    this.onStored();
    if (log.lane === 'alert') void this.#sync([log]);
    else this.#syncTimer ??= setTimeout(() => void this.#sync(Object.values(this.logs)), SYNC_MS);
  }

  async #sync(logs: readonly LaneLog[]): Promise<void> {
    if (logs.length > 1) this.#syncTimer = null;
    try {
      for (const log of logs) {
        if (!log.dirty) continue;
        this.counts.syncs++;
        await log.sync();
      }
    } catch (error) {
      this.#log.warn(`outbox: the disk cannot sync: ${(error as Error).message}`);
    }
  }

  async #keepBounds(): Promise<void> {
    while (this.bytes > this.#bounds.maxBytes) if (!(await this.#dropOldest())) break;
    const cutoffMs = this.#monotonicMs() - this.#bounds.maxAgeMs;
    for (const lane of LANES) {
      while ((this.logs[lane].segments[0]?.writtenMs ?? Number.POSITIVE_INFINITY) < cutoffMs) {
        await this.#drop(lane);
      }
    }
  }

  /** Writes again what was in files that have gone, as far as memory has it. */
  async #look(): Promise<void> {
    this.#lookDue = false;
    let [again, lost, taken] = [0, 0, 0];
    for (const lane of LANES) {
      for (const { first, last, pending } of await this.logs[lane].forgetTaken()) {
        const inMemory = this.#tail.unstore(lane, first, last);
        const gone = Math.max(0, pending - inMemory);
        taken++;
        again += inMemory;
        lost += gone;
        this.counts.dropped += gone;
        if (lane === 'alert') this.counts.droppedAlerts += gone;
      }
    }
    if (taken === 0) return;
    this.#log.error(
      `E_OUTBOX_TAKEN: files of the outbox were deleted while it ran: ${again} messages are written again, ` +
        `${lost} are lost. Leave the folder alone while the daemon runs`,
    );
    await this.#onTaken();
  }

  /** Gives up the oldest file of the least important lane that has one. @returns whether there was one */
  async #dropOldest(): Promise<boolean> {
    for (const lane of LANES) if (this.logs[lane].segments.length > 0) return this.#drop(lane);
    return false;
  }

  async #drop(lane: Lane): Promise<boolean> {
    const lost = await this.logs[lane].dropOldest();
    if (lost === null) return false;
    this.counts.dropped += lost;
    if (lane === 'alert') this.counts.droppedAlerts += lost;
    if (lost > 0) this.#log.warn(`outbox: no more room or too old: ${lost} ${lane} messages are given up`);
    return true;
  }

  #failed(error: unknown): void {
    const said = error instanceof Error ? error.message : String(error);
    if (this.#failure === null) {
      this.#log.error(`E_OUTBOX_WRITE: ${said}. Messages wait in memory. Free some space on the disk`);
    }
    this.#failure = said;
    if (this.#closing) return;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      this.wake();
    }, RETRY_MS);
  }
}
