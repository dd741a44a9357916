/** An outbox in a folder of its own, filled with numbered messages and read as the sender does. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { DurableOutbox, type DurableOutboxOptions } from '@rhythmd/daemon/sink/outbox/durable-outbox.ts';
import type { Lane, Outbox, OutboxMessage } from '@rhythmd/daemon/sink/outbox/message.ts';
import { until } from '../../../support/until.ts';

export const DAY_MS = 86_400_000;
export const NOW_MS = 1_795_349_012_345;

export async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function newOutbox(folder: string, options: Partial<DurableOutboxOptions> = {}): DurableOutbox {
  return new DurableOutbox({
    folder,
    maxBytes: 64 * 1024 * 1024,
    maxAgeMs: 7 * DAY_MS,
    log: SILENT_LOGGER,
    nowMs: () => NOW_MS,
    monotonicMs: () => performance.now(),
    ...options,
  });
}

export async function openOutbox(
  t: TestContext,
  folder: string,
  options: Partial<DurableOutboxOptions> = {},
) {
  const outbox = newOutbox(folder, options);
  await outbox.open();
  // Its folder is made again by whoever closes an outbox without one.
  t.after(async () => {
    await outbox.close();
    await rm(folder, { recursive: true, force: true });
  });
  return outbox;
}

/** Numbered payloads: what comes back says what it was. */
export function pushMany(outbox: Outbox, lane: Lane, from: number, count: number, padding = 0): void {
  for (let i = from; i < from + count; i++) {
    outbox.push(lane, `ecg/d1/${lane}`, `${i}${' '.repeat(padding)}`, NOW_MS);
  }
}

/** Everything after `sequence`, read as the sender does. */
export async function readAll(outbox: Outbox, sequence = outbox.acknowledged): Promise<OutboxMessage[]> {
  const all: OutboxMessage[] = [];
  for (;;) {
    const messages = await outbox.read(all.at(-1)?.sequence ?? sequence, 16);
    if (messages.length === 0) return all;
    all.push(...messages);
  }
}

export const numbers = (messages: readonly OutboxMessage[]) =>
  messages.map(({ payload }) => Number(payload.toString()));
export const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

export const untilStored = (outbox: Outbox) =>
  until(() => outbox.counts().unstored === 0, 'everything is on disk');

export const segmentIn = async (folder: string, lane: Lane) =>
  join(folder, (await readdir(folder)).filter((name) => name.startsWith(`${lane}-`)).sort()[0]!);
