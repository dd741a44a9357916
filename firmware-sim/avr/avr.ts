/** `sim avr`: the reference firmware's own image, wired to a record, in avr8js. */
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { whenStdinEnds } from '../attended.ts';
import { COMMANDS } from '../commands.ts';
import { paceOf, readPlayOptions } from '../options.ts';
import { openOutput } from '../output/open-output.ts';
import { FLASH_BYTES } from './avr-board.ts';
import { AvrPlayer } from './avr-player.ts';
import { Electrodes } from './electrodes.ts';
import { readImage } from './firmware-image.ts';
import { parseIntelHex } from './intel-hex.ts';

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.avr, io.err);
  const { patient, to, speed, durationS, attended } = readPlayOptions(operands[0]!, values);
  const image = parseIntelHex(readImage(), FLASH_BYTES);
  const output = openOutput(to);
  const say = to === 'stdout' ? io.err : io.out;
  const electrodes = new Electrodes(patient.leads, patient.rateHz, PIPELINE_RATE_HZ);
  const player = new AvrPlayer({ image, electrodes, output, speed, durationS });
  await output.start((bytes) => player.command(bytes));
  say(
    `playing ${patient.description} as native, by its firmware in a simulated ATmega328P, ${paceOf(speed)}`,
  );
  say(`listening on ${output.address}`);
  try {
    await player.run(attended ? whenStdinEnds(io.signal) : io.signal);
  } finally {
    await output.stop();
  }
  const times = player.timesRealTime.toFixed(1);
  io.err(`simulated ${player.simulatedS.toFixed(1)} s at ${times} times real time on one core`);
  return io.signal.aborted ? EXIT_INTERRUPTED : EXIT_DONE;
}
