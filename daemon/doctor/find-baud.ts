/** At which speed does the line make sense? Tried one by one, the board unknown. */
import { setTimeout as sleep } from 'node:timers/promises';
import { likelyBauds } from '../source/board-probe.ts';
import { openSource } from '../source/open-source.ts';

/** Enough for a dozen frames of the slowest board, and for a board that a reset keeps busy. */
const TRY_MS = 3000;

/** @returns the speed and the board that was understood; null when none was */
export async function findBaud(
  path: string,
  triedBaud: number | null,
  signal: AbortSignal,
): Promise<{ baud: number; board: string } | null> {
  for (const baud of likelyBauds(null)) {
    if (baud === triedBaud || signal.aborted) continue;
    const source = openSource(`serial://${path}?baud=${baud}`, {
      board: 'auto',
      watchdog: { stallMs: 800, reopenMs: 60_000 },
    });
    let board: string | null = null;
    const heard = new AbortController();
    await source.start({
      description: (description) => {
        board = description.board;
        heard.abort();
      },
      samples: () => {},
      status: () => {},
      end: () => {},
    });
    await sleep(TRY_MS, undefined, { signal: AbortSignal.any([signal, heard.signal]) }).catch(() => {});
    await source.stop();
    if (board !== null) return { baud, board };
  }
  return null;
}
