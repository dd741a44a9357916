/** The models that a verb works with: those named on the command line, or the configured ones. */
import { resolve } from 'node:path';
import { describeError } from '@rhythmd/ecg/errors.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import type { Classifier } from '../classify/classifier.ts';
import { openModel } from '../classify/open-model.ts';
import { openRhythmNetworkIfThere, type RhythmNetwork } from '../classify/rhythm-network.ts';
import { configuredPath } from '../config/paths.ts';
import type { Config } from '../config/schema.ts';

/** One named on the command line is a path from here; the configured one is from the installation. An empty one is none. */
export async function chosenModel(
  argument: string | undefined,
  { path, executor }: Config['model'],
): Promise<Classifier | null> {
  if (argument !== undefined) return argument === '' ? null : openModel(resolve(argument), executor);
  return path === '' ? null : openModel(configuredPath(path), executor);
}

export async function chosenRhythmNetwork(
  { rhythm_path, executor }: Config['model'],
  io: Pick<CommandIo, 'err'>,
): Promise<RhythmNetwork | null> {
  if (rhythm_path === '') return null;
  return openRhythmNetworkIfThere(configuredPath(rhythm_path), executor, (problem) =>
    io.err(describeError(problem)),
  );
}
