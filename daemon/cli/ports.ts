/** `rhythmd ports`: the serial ports of this computer, names that survive replugging first. */
import { boards } from '@rhythmd/ecg/boards/registry.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { listPorts, type SerialPortInfo } from '../source/serial-ports.ts';
import { COMMANDS } from './commands.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.ports, io.err);
  const ports = listPorts();
  if (values.json) {
    const facts = ports.map((port) => ({
      path: port.path,
      by_id: port.byId,
      usb_id: port.usbId,
      manufacturer: port.manufacturer,
      likely_boards: likelyBoards(port),
    }));
    io.out(JSON.stringify({ ports: facts }, null, 2));
    return EXIT_DONE;
  }
  if (ports.length === 0) {
    io.out(
      'There is no serial port. Plug the board in; a board behind the network needs none (tcp://host:port).',
    );
  }
  for (const port of ports) io.out(line(port));
  return EXIT_DONE;
}

function likelyBoards({ usbId }: SerialPortInfo): string[] {
  return boards.filter((board) => usbId !== null && board.usbIds.includes(usbId)).map((board) => board.name);
}

function line(port: SerialPortInfo): string {
  const names = port.byId === null ? port.path : `${port.byId}  (${port.path})`;
  const chip = port.usbId === null ? 'no USB port' : `USB ${port.usbId}${maker(port)}`;
  const likely = likelyBoards(port);
  return `${names}  ${chip}${likely.length === 0 ? '' : `  may be ${likely.join(', ')}`}`;
}

function maker({ manufacturer }: SerialPortInfo): string {
  return manufacturer === null ? '' : ` ${manufacturer}`;
}
