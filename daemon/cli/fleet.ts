/** `rhythmd fleet FILE --out DIR [--rotate NAME,...|all]`: ids, passwords, certificates and topic rules of many devices at once. */
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { readFleet } from '../fleet/fleet-file.ts';
import { writeFleet } from '../fleet/write-fleet.ts';
import { COMMANDS } from './commands.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.fleet, io.err);
  const fleet = readFleet(operands[0]!);
  const rotate = values.rotate === undefined ? [] : values.rotate.split(',');
  const { devices, users, renewed, removed } = writeFleet(fleet, values.out, rotate);
  io.out(`${devices} devices and ${users} users below ${values.out}: ${renewed.length} with a new password`);
  if (removed.length > 0) io.out(`gone: ${removed.join(', ')}`);
  io.out(`broker/ is for the brokers, devices/ID/ for each device; keep authority/ in a safe`);
  return EXIT_DONE;
}
