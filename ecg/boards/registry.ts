/** Every board we speak. A new one is one file and one line here. */
import { RhythmdError } from '../errors.ts';
import { ad8232 } from './ad8232.ts';
import { ads1292r } from './ads1292r.ts';
import { ads1292r2 } from './ads1292r2.ts';
import { ads1293 } from './ads1293.ts';
import { bitalino } from './bitalino.ts';
import type { Board } from './board.ts';
import { chords } from './chords.ts';
import { cyton } from './cyton.ts';
import { healthypi3 } from './healthypi3.ts';
import { healthypi4 } from './healthypi4.ts';
import { healthypi5 } from './healthypi5.ts';
import { healthypi6 } from './healthypi6.ts';
import { max30003 } from './max30003.ts';
import { native } from './native.ts';

export const boards: readonly Board[] = [
  native,
  ad8232,
  ads1292r,
  ads1292r2,
  ads1293,
  max30003,
  healthypi3,
  healthypi4,
  healthypi5,
  healthypi6,
  chords,
  cyton,
  bitalino,
];

/** @throws E_BOARD_UNKNOWN */
export function findBoard(name: string): Board {
  const board = boards.find((candidate) => candidate.name === name);
  if (board === undefined) {
    const names = boards.map((candidate) => candidate.name).join(' ');
    throw new RhythmdError('E_BOARD_UNKNOWN', `no board is called "${name}"`, `Known boards: ${names}`);
  }
  return board;
}
