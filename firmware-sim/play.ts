/** `sim play`: a record as the bytes of a board, at its own pace, to whoever listens. */
import { findBoard } from '@rhythmd/ecg/boards/registry.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { onWishes, whenStdinEnds } from './attended.ts';
import { COMMANDS } from './commands.ts';
import { type PlayOptions, paceOf, readPlayOptions } from './options.ts';
import { openOutput } from './output/open-output.ts';
import type { Output } from './output/output.ts';
import { openPatient, type Patient } from './patient.ts';
import { Player } from './player.ts';

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const read = wordReader(io);
  const options = read(args);
  const { to, uart, attended } = options;
  const output = openOutput(to, uart ? findBoard(options.board).baud : null);
  const say = to === 'stdout' ? io.err : io.out;
  let player = playerOf(options, output, say);
  let cut = new AbortController();
  const wishes: string[][] = [];
  await output.start((bytes) => player.command(bytes));
  const signal = attended ? whenStdinEnds(io.signal) : io.signal;
  if (attended) {
    onWishes((words) => {
      wishes.push(words);
      cut.abort('another');
    });
  }
  announce(options, output, say);
  try {
    for (;;) {
      await player.run(AbortSignal.any([signal, cut.signal]));
      const wished = wishes.splice(0).at(-1);
      if (wished === undefined || signal.aborted) break;
      cut = new AbortController();
      const next = read(wished.slice(1));
      player = playerOf(next, output, say);
      // Whoever listened to the one before hears nothing of this one: its first sample is for who comes next.
      await output.unplug();
      await output.plug();
      announce(next, output, say);
    }
  } finally {
    await output.stop();
  }
  return io.signal.aborted ? EXIT_INTERRUPTED : EXIT_DONE;
}

/** Reads command lines one after the other; a record that is played again is not read again. */
function wordReader(io: CommandIo): (words: string[]) => PlayOptions {
  let last: { readonly key: string; readonly patient: Patient } | null = null;
  const open = (record: string, seed: number): Patient => {
    const key = `${record} ${seed}`;
    if (last?.key !== key) last = { key, patient: openPatient(record, seed) };
    return last.patient;
  };
  return (words) => {
    const { values, operands } = readArguments(words, COMMANDS.play, io.err);
    return readPlayOptions(operands[0]!, values, open);
  };
}

function playerOf(options: PlayOptions, output: Output, say: (line: string) => void): Player {
  const { patient, speed, durationS, faults, seed } = options;
  const encoder = findBoard(options.board).createEncoder({ leadNames: patient.leadNames });
  const report = options.report ? say : () => {};
  return new Player({ patient, encoder, output, speed, durationS, faults, seed, report });
}

function announce({ patient, board, speed }: PlayOptions, output: Output, say: (line: string) => void): void {
  say(`playing ${patient.description} as ${findBoard(board).name}, ${paceOf(speed)}`);
  say(`listening on ${output.address}`);
}
