/** `sim play`: a record as the bytes of a board, at its own pace, to whoever listens. */
import { findBoard } from '@rhythmd/ecg/boards/registry.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { whenStdinEnds } from './attended.ts';
import { COMMANDS } from './commands.ts';
import { paceOf, readPlayOptions } from './options.ts';
import { openOutput } from './output/open-output.ts';
import { Player } from './player.ts';

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.play, io.err);
  const options = readPlayOptions(operands[0]!, values);
  const { patient, to, speed, durationS, faults, seed } = options;
  const board = findBoard(options.board);
  const output = openOutput(to, options.uart ? board.baud : null);
  const say = to === 'stdout' ? io.err : io.out;
  const encoder = board.createEncoder({ leadNames: patient.leadNames });
  const player = new Player({
    patient,
    encoder,
    output,
    speed,
    durationS,
    faults,
    seed,
    report: options.report ? say : () => {},
  });
  await output.start((bytes) => player.command(bytes));
  say(`playing ${patient.description} as ${board.name}, ${paceOf(speed)}`);
  say(`listening on ${output.address}`);
  try {
    await player.run(options.attended ? whenStdinEnds(io.signal) : io.signal);
  } finally {
    await output.stop();
  }
  return io.signal.aborted ? EXIT_INTERRUPTED : EXIT_DONE;
}
