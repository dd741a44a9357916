/** `rhythmd boards`: what we speak. */
import type { Board } from '@rhythmd/ecg/boards/board.ts';
import { boards } from '@rhythmd/ecg/boards/registry.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { COMMANDS } from './commands.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.boards, io.err);
  if (values.json) {
    io.out(JSON.stringify({ boards: boards.map(facts) }, null, 2));
    return EXIT_DONE;
  }
  io.out(row(['NAME', 'RATE', 'BAUD', 'µV/COUNT', 'LEADS', 'TITLE']));
  for (const board of boards) {
    const baud = board.baud === null ? 'USB' : String(board.baud);
    const scale = board.microvoltsPerCount.toPrecision(4);
    io.out(row([board.name, `${board.rateHz} Hz`, baud, scale, board.leadNames.join(' '), board.title]));
  }
  return EXIT_DONE;
}

function facts(board: Board) {
  const { name, title, source, baud, rateHz, leadNames, microvoltsPerCount, usbIds } = board;
  return {
    name,
    title,
    source,
    baud,
    rate_hz: rateHz,
    leads: leadNames,
    microvolts_per_count: microvoltsPerCount,
    usb_ids: usbIds,
  };
}

function row([name, rate, baud, scale, leads, title]: readonly string[]): string {
  const columns = [name?.padEnd(11), rate?.padEnd(8), baud?.padEnd(7), scale?.padEnd(9), leads?.padEnd(21)];
  return `${columns.join(' ')} ${title}`;
}
