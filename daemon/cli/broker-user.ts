/** `rhythmd broker-user NAME --file FILE`: adds or changes a user of the embedded broker; the password comes on standard input. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFile } from '@rhythmd/shell/whole-file.ts';
import { userLine } from '../sink/mqtt/users.ts';
import { COMMANDS } from './commands.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS['broker-user'], io.err);
  const name = operands[0]!;
  const { file } = values;
  // Not an argument: those are seen by everybody who lists processes.
  if (process.stdin.isTTY) io.err('password, then Ctrl-D:');
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  const line = await userLine(name, password);
  const before = (await readIfThere(file)).split('\n');
  const others = before.filter((old) => old !== '' && !old.startsWith(`${name}:`));
  await writeWholeFile(file, `${[...others, line].join('\n')}\n`, { mode: FILE_MODE });
  io.out(`${name} may use the embedded broker; set mqtt.embedded_users = "${file}"`);
  return EXIT_DONE;
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
