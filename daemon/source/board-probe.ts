/** Boards for `source.board = "auto"`: who might be at a line, and how to wake up the ones that wait. */
import type { Board } from '@rhythmd/ecg/boards/board.ts';
import { boards } from '@rhythmd/ecg/boards/registry.ts';

/** HealthyPi v3 and v4 send alike frames; v4's reading of the status byte includes v3's. */
const PREFERRED = ['healthypi4'];

export function candidates(): Board[] {
  const rank = (board: Board) => (PREFERRED.includes(board.name) ? 0 : 1);
  return [...boards].sort((a, b) => rank(a) - rank(b));
}

/** Line speeds worth trying, those of the boards with this USB chip first. */
export function likelyBauds(usbId: string | null): number[] {
  const known = boards.filter((board) => usbId !== null && board.usbIds.includes(usbId));
  const bauds = [...known, ...boards].map((board) => board.baud ?? 115200);
  return [...new Set(bauds)];
}

/** What makes a silent board speak, one at a time: harmless to the others. */
export function wakeUps(): Uint8Array[] {
  return boards.flatMap((board) => (board.startCommand ? [board.startCommand] : [])).reverse();
}
