/** The card of a network for patients never seen: figures of DS2 and of the folds side by side, with two leads and one. */
import { createHash } from 'node:crypto';
import { labelsOf } from '../data/dataset.ts';
import { medianOf, type NewPatients } from '../evaluate/new-patients.ts';
import { figuresOfGroup, type Group, type RecordFigures } from '../evaluate/run-figures.ts';
import { gitRevision } from '../revision.ts';
import type { Recipe } from '../train/recipe.ts';
import type { GoldenPrediction } from './golden-predictions.ts';

export interface NewPatientsCardInput {
  readonly version: string;
  readonly recipe: Recipe;
  readonly bytes: Uint8Array;
  readonly measured: NewPatients | null;
  /** What it answers to the golden inputs. */
  readonly golden: readonly GoldenPrediction[];
}

export function newPatientsCard({
  version,
  recipe,
  bytes,
  measured,
  golden,
}: NewPatientsCardInput): Record<string, unknown> {
  const { network, protocol, dataset, seed, epochs, batch } = recipe;
  const run = `--net ${network} --protocol ${protocol}`;
  return {
    name: network,
    version,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    labels: [...labelsOf(dataset)],
    input: {
      shape: [3, 36, 36],
      rateHz: 360,
      normalisation: dataset.normalisation,
      channels: dataset.channels,
      leads: 'one or two; the second is zeros where there is none or it cannot be read',
      delay: 'the next R peak, at most 1.8 s',
    },
    output: 'logits',
    arithmetic: '8-bit integers',
    training: {
      protocol,
      records:
        protocol === 'every-record'
          ? 'mitdb (48 records) and svdb (52 of 78 records); the figures below are of networks that did not see what they are measured on'
          : 'DS1, the paced records of mitdb, and svdb (52 of 78 records)',
      seed,
      epochs,
      batch,
      command: `npm run trainer -- train ${run}`,
      exportCommand: `npm run trainer -- export ${run} --int8 --out models/${network}`,
      revision: gitRevision(),
    },
    measured: measured === null ? {} : figuresOf(measured),
    size: measured?.quantized?.size ?? { fileBytes: bytes.length },
    golden,
    notice: 'not a medical device',
  };
}

function figuresOf({ seeds, quantized }: NewPatients): Record<string, unknown> {
  const groups = (['DS1', 'svdb'] as const).map((group) => [
    group,
    {
      twoLeads: medians(
        seeds.map(({ twoLeads }) => twoLeads),
        group,
      ),
      oneLead: medians(
        seeds.map(({ oneLead }) => oneLead),
        group,
      ),
    },
  ]);
  return {
    note: 'on reference peaks, ANSI/AAMI EC57 counts over whole records, escape beats as normal; end to end: docs/training.md',
    ...(quantized === undefined
      ? {}
      : {
          'new-patients': {
            of: 'DS2 by the 8-bit network trained on DS1, the paced records and svdb',
            twoLeads: medians([quantized.twoLeads], 'DS2'),
            oneLead: medians([quantized.oneLead], 'DS2'),
          },
        }),
    folds: { of: 'five patient-wise folds, in floats', seeds: seeds.length, ...Object.fromEntries(groups) },
  };
}

/** The median of the seeds, figure by figure. */
function medians(seeds: readonly (readonly RecordFigures[])[], group: Group): Record<string, unknown> | null {
  const all = seeds.map((records) => figuresOfGroup(records, group)).filter((figures) => figures !== null);
  if (all.length === 0) return null;
  const rounded = (values: readonly (number | null)[]): number | null => {
    const median = medianOf(values);
    return median === null ? null : Math.round(median * 1e4) / 1e4;
  };
  const ofClass = (label: 'S' | 'V') => ({
    beats: all[0]![label].beats,
    sensitivity: rounded(all.map((figures) => figures[label].sensitivity)),
    positivePredictivity: rounded(all.map((figures) => figures[label].positivePredictivity)),
  });
  return {
    beats: all[0]!.beats,
    accuracy: rounded(all.map(({ accuracy }) => accuracy)),
    S: ofClass('S'),
    V: ofClass('V'),
  };
}
