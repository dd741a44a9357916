import { CHANNEL_LAYOUTS } from '@rhythmd/ecg/beat/beat-builder.ts';
import { PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import type { Dataset, DatasetRecipe } from '../data/dataset.ts';
import { recipeName } from '../data/dataset.ts';
import { PROTOCOLS, type Split, splitOf } from '../data/splits.ts';
import { trainingFolder } from '../files.ts';
import { numberOf, parseOptions, stringOf, usageError } from './arguments.ts';
import { openData } from './open-data.ts';

const USAGE = `npm run trainer -- dataset [--normalisation record|running] [--channels LAYOUT] [--seed N]
Makes the beat images of all 48 records (once) and prints the beats per class of both protocols.
  --channels    ${CHANNEL_LAYOUTS.join(' or ')}
  --leads       upper, or both: the second signal of DS1's records as well`;

export async function run(args: string[]): Promise<number> {
  const values = parseOptions(args, {
    normalisation: { type: 'string', default: 'record' },
    channels: { type: 'string', default: 'replicated' },
    leads: { type: 'string', default: 'upper' },
    seed: { type: 'string' },
    help: { type: 'boolean' },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const normalisation = stringOf(values, 'normalisation');
  if (normalisation !== 'record' && normalisation !== 'running')
    throw usageError('--normalisation is record or running');
  const channels = CHANNEL_LAYOUTS.find((layout) => layout === values.channels);
  if (channels === undefined) throw usageError(`--channels is one of ${CHANNEL_LAYOUTS.join(', ')}`);
  const leads = values.leads;
  if (leads !== 'upper' && leads !== 'both') throw usageError('--leads is upper or both');
  const recipe: DatasetRecipe = { normalisation, channels, leads };
  const dataset = openData(recipe);
  const seed = numberOf(values, 'seed', 0, 2 ** 31, true) ?? 1;
  console.log(
    `${dataset.count} beats of ${dataset.records.length} records in ${trainingFolder()}/datasets/${recipeName(recipe)}`,
  );
  console.log(
    ['', ...PAPER_LABELS, 'all']
      .map((text) => text.padStart(10))
      .join('')
      .replace(/^ {10}/, ''.padEnd(30)),
  );
  for (const protocol of PROTOCOLS) {
    const split = splitOf(dataset, protocol, seed, null);
    for (const part of ['train', 'validation', 'test'] as const) {
      console.log(`${`${protocol} ${part}`.padEnd(30)}${countsOf(dataset, split, part)}`);
    }
  }
  return 0;
}

function countsOf(dataset: Dataset, split: Split, part: 'train' | 'validation' | 'test'): string {
  const counts = PAPER_LABELS.map(() => 0);
  for (const beat of split[part]) counts[dataset.label[beat]!]!++;
  return [...counts, split[part].length].map((count) => String(count).padStart(10)).join('');
}
