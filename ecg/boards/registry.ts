/** Every board we speak. A new one is one file and one line here. */
import { RhythmdError } from '../errors.ts';
import type { Board } from './board.ts';
import { native } from './native.ts';

export const boards: readonly Board[] = [native];

/** @throws E_BOARD_UNKNOWN */
export function findBoard(name: string): Board {
  const board = boards.find((candidate) => candidate.name === name);
  if (board === undefined) {
    const names = boards.map((candidate) => candidate.name).join(' ');
    throw new RhythmdError('E_BOARD_UNKNOWN', `no board is called "${name}"`, `Known boards: ${names}`);
  }
  return board;
}
