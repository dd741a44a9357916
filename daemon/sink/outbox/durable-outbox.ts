/**
 * The outbox on disk. A message is in memory at once, in a file as soon as the disk takes it, and synced:
 * alerts at once, beats and strips within a second, so that an SD card is not worn by two syncs a beat.
 * kill -9 loses what the disk had not taken yet, a power cut at most the last second of beats. A disk that is
 * full, slow or broken delays nothing: messages go out from memory.
 *
 * Read in one order over all lanes: from files what has left memory, then from memory.
 */
import { mkdir } from 'node:fs/promises';
import { FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import type { Logger } from '../../log/logger.ts';
import { LaneReader } from './lane-reader.ts';
import { LANES, type Lane, type Outbox, type OutboxCounts, type OutboxMessage } from './message.ts';
import { type DiskBounds, OutboxDisk } from './outbox-disk.ts';
import { type Recovered, recover } from './recover.ts';
import { Tail } from './tail.ts';

/** The position of the broker's acknowledgements is written this often. */
const ACKNOWLEDGED_MS = 1000;
/** A message goes out unstored when the disk has not taken it within this: alarms do not wait for a card. */
const DISK_PATIENCE_MS = 100;
/** After the disk could not be read. */
const READ_AGAIN_MS = 1000;
/** A folder that could not be made or read is tried again this often. */
const OPEN_AGAIN_MS = 10_000;
/** Taken before the files of earlier runs are read; more than that is lost. */
const MAX_EARLY = 1024;

export interface DurableOutboxOptions extends DiskBounds {
  readonly folder: string;
  readonly log: Logger;
  /** Wall time, Unix milliseconds: only to judge how old what earlier runs left is. */
  readonly nowMs: () => number;
  /** A clock that nobody sets. */
  readonly monotonicMs: () => number;
  /** How often a folder that could not be used is tried again; absent: 10 s. */
  readonly openAgainMs?: number;
}

const CLOCK_WAS_SET_MS = Date.UTC(2024, 0, 1);

type Pushed = readonly [lane: Lane, topic: string, payload: string, tMs: number];

export class DurableOutbox implements Outbox {
  onReady: () => void = () => {};
  onRenumbered: () => void = () => {};
  readonly #options: DurableOutboxOptions;
  #early: Pushed[] | null = [];
  #tail = new Tail(1);
  /** null: no folder to write to, memory only. */
  #disk: OutboxDisk | null = null;
  #recovered: Recovered | null = null;
  #nextSequence = 1;
  #acknowledged = 0;
  #dropped = 0;
  #droppedAlerts = 0;
  #reading: { readonly position: number; readonly readers: readonly LaneReader[] } | null = null;
  #alertReader: { readonly position: number; readonly reader: LaneReader } | null = null;
  #ackTimer: NodeJS.Timeout | null = null;
  #readyTimer: NodeJS.Timeout | null = null;
  #openTimer: NodeJS.Timeout | null = null;

  constructor(options: DurableOutboxOptions) {
    this.#options = options;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Reads what earlier runs left. @throws E_OUTBOX_FOLDER; it works in memory then, and tries again */
  async open(): Promise<void> {
    try {
      await this.#recover();
    } catch (error) {
      this.#openLater();
      throw error;
    } finally {
      const early = this.#early ?? [];
      this.#early = null;
      for (const pushed of early) this.push(...pushed);
    }
  }

  async #recover(): Promise<void> {
    const { folder, log, monotonicMs } = this.#options;
    const recovered = await recover(folder, (tMs) => monotonicMs() - this.#ageOf(tMs));
    const { acknowledged, nextSequence, logs, damaged, torn } = recovered;
    // Only what was pushed while there was no folder: it is numbered after what was found there.
    const waiting = this.#tail.unstored(Number.POSITIVE_INFINITY).map(({ message }) => message);
    this.#recovered = recovered;
    this.#acknowledged = acknowledged;
    this.#nextSequence = nextSequence;
    this.#tail = new Tail(nextSequence);
    this.#disk = new OutboxDisk(logs, this.#tail, this.#options, log, monotonicMs, async () => {
      await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
      await recovered.ackFile.open();
      await recovered.ackFile.write(this.#acknowledged);
    });
    this.#disk.onStored = () => this.onReady();
    const pending = this.#disk.pending;
    if (pending + damaged + torn > 0) {
      log.info(`outbox: ${pending} messages wait; ${damaged} damaged, ${torn} bytes never completed`);
    }
    if (damaged > 0) {
      log.warn(
        `E_OUTBOX_DAMAGED: ${damaged} places in the outbox could not be read, and the messages there are lost. ` +
          `The files are kept in ${folder} as *.damaged: the disk or card may be failing`,
      );
    }
    for (const message of waiting)
      this.#tail.push({ ...message, sequence: this.#nextSequence++ }, monotonicMs());
  }

  #openLater(): void {
    this.#openTimer = setTimeout(() => {
      this.#recover().then(
        () => {
          this.#options.log.info('outbox: the folder can be used again');
          this.#disk?.wake();
          this.onRenumbered();
        },
        () => this.#openLater(),
      );
    }, this.#options.openAgainMs ?? OPEN_AGAIN_MS);
    this.#openTimer.unref();
  }

  async close(): Promise<void> {
    for (const timer of [this.#ackTimer, this.#readyTimer, this.#openTimer]) if (timer) clearTimeout(timer);
    await this.#disk?.close();
    await this.#recovered?.ackFile.write(this.#acknowledged);
    await this.#recovered?.ackFile.close();
    this.#disk = null;
  }

  push(lane: Lane, topic: string, payload: string, tMs: number): void {
    if (this.#early) {
      if (this.#early.length < MAX_EARLY) this.#early.push([lane, topic, payload, tMs]);
      else this.#count(lane);
      return;
    }
    const message = { sequence: this.#nextSequence++, lane, topic, payload: Buffer.from(payload), tMs };
    this.#tail.push(message, this.#options.monotonicMs());
    this.#tail.shrink();
    if (this.#tail.full) this.#disk?.makeRoom();
    while (this.#tail.full) {
      const given = this.#tail.drop();
      if (given === null) break;
      this.#count(given.lane);
      this.#tail.shrink();
    }
    this.#disk?.wake();
    this.onReady();
  }

  async read(sequence: number, limit: number): Promise<readonly OutboxMessage[]> {
    if (this.#disk && sequence + 1 < this.#tail.completeFrom) {
      const messages = await this.#readFiles(this.#disk, sequence, limit).catch((error) => {
        this.#readFailed(error);
        return null;
      });
      if (messages === null || messages.length > 0) return messages ?? [];
    }
    return this.#sendable(sequence, limit, null);
  }

  async readAlerts(sequence: number, limit: number): Promise<readonly OutboxMessage[]> {
    if (this.#disk && sequence + 1 < this.#tail.completeFrom) {
      const messages = await this.#readAlertFiles(this.#disk, sequence, limit).catch((error) => {
        this.#alertReader = null;
        this.#readFailed(error);
        return null;
      });
      if (messages === null || messages.length > 0) return messages ?? [];
    }
    return this.#sendable(sequence, limit, 'alert');
  }

  acknowledge(message: OutboxMessage): void {
    if (message.sequence <= this.#acknowledged) return;
    this.#acknowledged = message.sequence;
    const entry = this.#tail.acknowledge(message.sequence);
    if (entry === null || entry.stored) this.#disk?.acknowledge(message);
    this.#ackTimer ??= setTimeout(() => {
      this.#ackTimer = null;
      // Not written: the messages since come twice after a crash, which their ids show.
      this.#recovered?.ackFile.write(this.#acknowledged).catch(() => {});
    }, ACKNOWLEDGED_MS);
  }

  counts(): OutboxCounts {
    const unstored = this.#tail.unstoredCount();
    return {
      bytes: (this.#disk?.bytes ?? 0) + unstored.bytes,
      messages: (this.#disk?.pending ?? 0) + unstored.messages + (this.#early?.length ?? 0),
      unstored: unstored.messages,
      dropped: this.#dropped + (this.#disk?.counts.dropped ?? 0),
      droppedAlerts: this.#droppedAlerts + (this.#disk?.counts.droppedAlerts ?? 0),
      damaged: this.#recovered?.damaged ?? 0,
      failure: this.#disk ? this.#disk.failure : 'no folder',
    };
  }

  #sendable(sequence: number, limit: number, lane: Lane | null): readonly OutboxMessage[] {
    const patienceMs = this.#disk?.failure === null ? DISK_PATIENCE_MS : 0;
    const nowMs = this.#options.monotonicMs();
    const { messages, waitMs } = this.#tail.sendable(sequence, limit, nowMs, patienceMs, lane);
    if (waitMs !== null) this.#lookAgain(waitMs);
    return messages;
  }

  async #readAlertFiles(disk: OutboxDisk, sequence: number, limit: number): Promise<OutboxMessage[]> {
    const reader =
      this.#alertReader?.position === sequence
        ? this.#alertReader.reader
        : new LaneReader(disk.logs.alert, sequence);
    const messages: OutboxMessage[] = [];
    while (messages.length < limit) {
      const message = await reader.peek();
      if (message === null || message.sequence >= this.#tail.completeFrom) break;
      reader.take();
      messages.push(message);
    }
    this.#alertReader = { position: messages.at(-1)?.sequence ?? sequence, reader };
    return messages;
  }

  #readFailed(error: unknown): void {
    this.#reading = null;
    this.#options.log.warn(`outbox: the disk cannot be read: ${(error as Error).message}; tried again`);
    this.#lookAgain(READ_AGAIN_MS);
  }

  #lookAgain(waitMs: number): void {
    this.#readyTimer ??= setTimeout(() => {
      this.#readyTimer = null;
      this.onReady();
    }, waitMs);
  }

  /**
   * By the wall clock, the only one that outlives a run, as it stands now: should it be set later, the age is not
   * judged anew. A device without a battery clock says 1970 until it is set: such a stamp has no age.
   */
  #ageOf(tMs: number): number {
    return tMs < CLOCK_WAS_SET_MS ? 0 : Math.max(0, this.#options.nowMs() - tMs);
  }

  /** The lanes' files merged into the one order, as far as memory does not have it. */
  async #readFiles(disk: OutboxDisk, sequence: number, limit: number): Promise<OutboxMessage[]> {
    const readers =
      this.#reading?.position === sequence
        ? this.#reading.readers
        : LANES.map((lane) => new LaneReader(disk.logs[lane], sequence));
    const messages: OutboxMessage[] = [];
    while (messages.length < limit) {
      // Before this sequence everything was on disk when we began to look; later it may not have been.
      const end = this.#tail.completeFrom;
      let next: { reader: LaneReader; message: OutboxMessage } | null = null;
      for (const reader of readers) {
        const message = await reader.peek();
        if (message && message.sequence < (next?.message.sequence ?? end)) next = { reader, message };
      }
      if (next === null) break;
      next.reader.take();
      messages.push(next.message);
    }
    this.#reading = { position: messages.at(-1)?.sequence ?? sequence, readers };
    return messages;
  }

  #count(lane: Lane): void {
    this.#dropped++;
    if (lane === 'alert') this.#droppedAlerts++;
  }
}
