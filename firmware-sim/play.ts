/** `sim play`: a record as the bytes of a board, at its own pace, to whoever listens. */
import { findBoard } from '@rhythmd/ecg/boards/registry.ts';
import { whenStdinEnds } from './attended.ts';
import { paceOf, readPlayOptions } from './options.ts';
import { openOutput } from './output/open-output.ts';
import { Player } from './player.ts';

export async function play(args: string[], signal: AbortSignal): Promise<void> {
  const options = readPlayOptions(args);
  const { patient, to, speed, durationS, faults, seed } = options;
  const board = findBoard(options.board);
  const output = openOutput(to, options.uart ? board.baud : null);
  const say = to === 'stdout' ? console.error : console.log;
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
    await player.run(options.attended ? whenStdinEnds(signal) : signal);
  } finally {
    await output.stop();
  }
}
