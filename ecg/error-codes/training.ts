/** Codes of the trainer and of the benchmarks. */
import type { ErrorRow } from './row.ts';

export const TRAINING_ERRORS = {
  E_NETWORK_UNKNOWN: { cause: 'No network has this name.', fix: 'The message lists them.', usage: true },
  E_NETWORK_SHAPE: {
    cause: 'Two networks do not fit each other, or weights do not fit a network.',
    fix: 'The message names both.',
  },
  E_DATABASE_MISSING: {
    cause: 'A data set needs the records of a database that is not there.',
    fix: 'Put its folder beside the record folders, with its file RECORDS.',
  },
  E_DATASET_BEATS: {
    cause: 'A record gave other beats than its annotations.',
    fix: 'Fetch the record again.',
  },
  E_DATASET_DIFFERS: {
    cause: 'A stored data set is not what the records here give.',
    fix: 'Remove its folder below RHYTHMD_TRAINING_FOLDER/datasets.',
  },
  E_CHECKPOINT_MISSING: {
    cause: 'The folder holds no checkpoint.',
    fix: 'Run the train command first, or give its --folder.',
  },
  E_CHECKPOINT_BROKEN: { cause: 'The checkpoint is damaged.', fix: 'Remove it and train again.' },
  E_CHECKPOINT_RECIPE: {
    cause: 'The checkpoint was made with other settings.',
    fix: 'Use the same settings to resume, or another --folder.',
  },
  E_TRAINING_UNFINISHED: {
    cause: 'The training has not ended.',
    fix: 'Run the same train command again: it goes on from there.',
  },
  E_TRAINING_DIVERGED: { cause: 'The loss is no number any more.', fix: 'Lower --learning-rate.' },
  E_DISK_FULL: { cause: 'There is no room for the file.', fix: 'Free some, or set RHYTHMD_TRAINING_FOLDER.' },
  E_FILE_WRITE: {
    cause: 'A file or folder of the trainer cannot be written.',
    fix: 'Look at the permissions of its folder.',
  },
  E_EXPORT_DIFFERS: {
    cause: 'The exported model answers otherwise than the trained graph.',
    fix: 'Report it with the processor named.',
  },
  E_PACKAGE: {
    cause: 'A program that makes a package is missing, or failed.',
    fix: 'Install what the message names.',
  },
  E_QUANTIZED_KERNELS: {
    cause: 'The runtime keeps float kernels in an integer model.',
    fix: 'Report it with the version of onnxruntime.',
  },
  E_QUANTIZED_DISAGREES: {
    cause: 'The integer model answers otherwise than the graph that was trained.',
    fix: 'Report it with the processor named.',
  },
  E_TARGET_SIZE: { cause: 'The network cannot be made as small as asked.', fix: 'Ask for more bytes.' },
  E_RESULT_BROKEN: {
    cause: 'A result file is damaged or was written by hand.',
    fix: 'Run the command again that makes it.',
  },
  E_WEIGHTS_LENGTH: {
    cause: 'Weights of the QRS detector do not fit its network.',
    fix: 'Make them again: `npm run trainer -- detector`.',
  },
  E_RING_CAPACITY: {
    cause: 'A ring buffer was asked for with an impossible size.',
    fix: 'A mistake of ours: report it.',
  },
  E_BENCH: { cause: 'A benchmark could not be run.', fix: 'The message says why.' },
  E_BENCH_TARGET: { cause: 'A benchmark missed a target.', fix: 'The tables say by how much.' },
  E_BENCH_TRAINEE: { cause: 'A training that was to be timed ended early.', fix: 'Run it alone to see why.' },
  E_EMULATOR: { cause: 'The emulated processor failed.', fix: 'The message repeats what it said.' },
  E_FAKETIME_MISSING: {
    cause: 'A test or benchmark that sets the clock of a program finds no libfaketime.',
    fix: 'Install faketime.',
  },
  E_EMULATOR_MISSING: {
    cause: 'What emulating the device needs is not installed.',
    fix: 'The message names the packages.',
  },
  E_COUNT: { cause: 'Instructions could not be counted.', fix: 'The message says what was not as expected.' },
} as const satisfies Readonly<Record<string, ErrorRow>>;
