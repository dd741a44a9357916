/** `rhythmd broker-user NAME --file FILE`: adds or changes a user of the embedded broker; the password comes on standard input. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { userLine } from '../sink/mqtt/users.ts';
import { readArguments, refuseUsage } from './arguments.ts';
import type { CommandIo } from './io.ts';

const USAGE = 'broker-user NAME --file FILE < PASSWORD';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArguments(args, { file: { type: 'string' } }, USAGE);
  const [name, ...more] = positionals;
  const { file } = values;
  if (name === undefined || more.length > 0 || file === undefined) refuseUsage('a name and a file', USAGE);
  // Not an argument: those are seen by everybody who lists processes.
  if (process.stdin.isTTY) io.err('password, then Ctrl-D:');
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  const line = await userLine(name, password);
  const before = (await readIfThere(file)).split('\n');
  const others = before.filter((old) => old !== '' && !old.startsWith(`${name}:`));
  await writeFile(`${file}.new`, `${[...others, line].join('\n')}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  io.out(`${name} may use the embedded broker; set mqtt.embedded_users = "${file}"`);
  return 0;
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
