import { WINDOW_RADIUS_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import { PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import { useRecordFoldersOf } from '@rhythmd/records/folders.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import type { Dataset, DatasetRecipe } from '../data/dataset.ts';
import { recipeName } from '../data/dataset.ts';
import { PROTOCOLS, type Split, splitOf } from '../data/splits.ts';
import { verifyDataset } from '../data/verify-dataset.ts';
import { trainingFolder, writeAtomically } from '../files.ts';
import { openData } from '../train/run-folder.ts';
import { COMMANDS } from './commands.ts';

const PARTS = ['train', 'validation', 'test'] as const;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.dataset, io.err);
  useRecordFoldersOf(values.config);
  const { normalisation, channels, leads, seed, verify, split: splitFile } = values;
  const recipe: DatasetRecipe = { normalisation, channels, leads };
  const dataset = openData(recipe);
  io.out(
    `${dataset.count} beats of ${dataset.records.length} records in ${trainingFolder()}/datasets/${recipeName(recipe)}`,
  );
  if (verify) {
    verifyDataset(dataset);
    io.out('every signal, annotation and image is as it was made of the records that are here');
  }
  io.out(
    ['', ...PAPER_LABELS, 'all']
      .map((text) => text.padStart(10))
      .join('')
      .replace(/^ {10}/, ''.padEnd(30)),
  );
  for (const protocol of PROTOCOLS) {
    const split = splitOf(dataset, protocol, seed, null);
    for (const part of PARTS) {
      io.out(`${`${protocol} ${part}`.padEnd(30)}${countsOf(dataset, split, part)}`);
    }
  }
  const lone = lastInReach(dataset, splitOf(dataset, 'patient-separated', seed, null).test);
  io.out(`beats of the patient-separated test whose next is more than 1.8 s away: ${lone}`);
  if (splitFile !== undefined) {
    writeAtomically(splitFile, [new TextEncoder().encode(splitLines(dataset, seed))]);
    io.out(`wrote ${splitFile}`);
  }
  return EXIT_DONE;
}

/** For other programs: the same beats of the same records, told apart as here. */
function splitLines(dataset: Dataset, seed: number): string {
  const split = splitOf(dataset, 'paper', seed, null);
  const lines = PARTS.flatMap((part) =>
    Array.from(split[part], (beat) => {
      const { name } = dataset.records[dataset.record[beat]!]!;
      return `${name},${dataset.sample[beat]},${part}\n`;
    }),
  );
  return ['record,sample,part\n', ...lines].join('');
}

/** How many beats are followed by none within the window: their right side is not masked (docs/training.md). With the record that has most. */
function lastInReach(dataset: Dataset, beats: Split['test']): string {
  const perRecord = new Map<string, number>();
  for (const beat of beats) {
    const record = dataset.record[beat]!;
    const isLast = dataset.record[beat + 1] !== record;
    if (isLast || dataset.sample[beat + 1]! - dataset.sample[beat]! <= WINDOW_RADIUS_SAMPLES) continue;
    const { name } = dataset.records[record]!;
    perRecord.set(name, (perRecord.get(name) ?? 0) + 1);
  }
  const counts = [...perRecord].sort(([, a], [, b]) => b - a);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  return counts[0] === undefined ? '0' : `${all} (${counts[0][1]} of ${counts[0][0]})`;
}

function countsOf(dataset: Dataset, split: Split, part: 'train' | 'validation' | 'test'): string {
  const counts = PAPER_LABELS.map(() => 0);
  for (const beat of split[part]) counts[dataset.label[beat]!]!++;
  return [...counts, split[part].length].map((count) => String(count).padStart(10)).join('');
}
