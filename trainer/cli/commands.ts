/** What `npm run trainer --` can be told: the verbs with their options. */
import { CHANNEL_LAYOUTS } from '@rhythmd/ecg/beat/beat-builder.ts';
import type { Commands } from '@rhythmd/shell/command.ts';
import { COMPRESSIONS } from '../compress/method.ts';
import { DS1_FOLDS, PROTOCOLS } from '../data/splits.ts';
import { FORMER_METHODS } from '../old-names.ts';
import { RHYTHM_FOLDS } from '../rhythm/rhythm-recipe.ts';

const MAX_SEED = 2 ** 31;
const SEED = { kind: 'number', value: 'N', min: 0, max: MAX_SEED, whole: true, default: 1 } as const;
const SEEDS = { kind: 'text', value: 'N,N,N' } as const;
const CONFIG = {
  kind: 'text',
  value: 'FILE',
  help: 'whose records.folders are looked in (default: config/default.toml)',
} as const;
const PUBLISH = { kind: 'flag', help: 'also write the figures to trainer/results/' } as const;

/** Which run is meant, and what of its preset is otherwise. */
const RUN = {
  net: { kind: 'text', value: 'NAME', required: true, help: 'which network' },
  protocol: {
    kind: 'choice',
    of: PROTOCOLS,
    required: true,
    value: 'NAME',
    help: 'paper (random 75/25), patient-separated (DS1/DS2), new-patients (all but DS2) or every-record',
  },
  seed: SEED,
  epochs: { kind: 'number', value: 'N', min: 1, max: 1000, whole: true, help: "instead of the preset's" },
  batch: { kind: 'number', value: 'N', min: 2, max: 1024, whole: true, help: "instead of the preset's" },
  'learning-rate': { kind: 'number', value: 'X', min: 1e-7, max: 1, help: "instead of the preset's" },
  fold: {
    kind: 'number',
    value: 'N',
    min: 0,
    max: DS1_FOLDS - 1,
    whole: true,
    help: "hold out this fifth of DS1's patients (not with --protocol paper)",
  },
  folder: {
    kind: 'text',
    value: 'DIR',
    help: 'where the checkpoint lies (default: below RHYTHMD_TRAINING_FOLDER)',
  },
  config: CONFIG,
  'open-test': {
    kind: 'text',
    value: 'WHY',
    help: 'show figures of the test set, and write so, with the reason, into the ledger of test sets',
  },
} as const;

/** The same of the rhythm network, which has other data and so other options. */
const RHYTHM_RUN = {
  net: { kind: 'choice', of: ['rhythmnet'], required: true },
  seed: SEED,
  steps: { kind: 'number', value: 'N', min: 1, max: 1e6, whole: true, help: "instead of the preset's" },
  folder: {
    kind: 'text',
    value: 'DIR',
    help: 'where checkpoints lie (default: below RHYTHMD_TRAINING_FOLDER)',
  },
  config: CONFIG,
} as const;

const RHYTHM_FOLD = {
  kind: 'number',
  value: 'N',
  min: 0,
  max: RHYTHM_FOLDS - 1,
  whole: true,
  help: "hold out this fifth of each database's patients",
} as const;

/** With `--net rhythmnet`. */
export const RHYTHM_COMMANDS = {
  train: {
    summary: 'trains on every record, or goes on from its checkpoint',
    options: { ...RHYTHM_RUN, fold: RHYTHM_FOLD },
  },
  evaluate: {
    summary: 'trains on four fifths of the patients, five times a seed, and measures on the others',
    options: {
      ...RHYTHM_RUN,
      seeds: { ...SEEDS, default: '1,2,3' },
      predictions: {
        kind: 'text',
        value: 'DIR',
        former: 'answers',
        help: 'also write the probabilities, averaged over the seeds, as DATABASE-RECORD.f32',
      },
      publish: PUBLISH,
    },
  },
  export: {
    summary: 'writes model.onnx (8 bits) and card.json',
    options: {
      ...RHYTHM_RUN,
      int8: { kind: 'flag' },
      out: { kind: 'text', value: 'DIR', default: 'models/rhythmnet' },
    },
  },
} as const satisfies Commands;

export const COMMANDS = {
  dataset: {
    summary: 'make the beat images and print counts per class and split',
    options: {
      verify: {
        kind: 'flag',
        help: 'also compare every signal and annotation file with what the images were made of, and every image with a new one',
      },
      normalisation: { kind: 'choice', of: ['record', 'running'], default: 'record' },
      channels: { kind: 'choice', of: CHANNEL_LAYOUTS, default: 'replicated' },
      leads: {
        kind: 'choice',
        of: ['upper', 'both'],
        default: 'upper',
        help: "upper, or both: the second signal of DS1's records as well",
      },
      seed: SEED,
      split: {
        kind: 'text',
        value: 'FILE',
        help: "also write the paper's split of this seed: a line a beat, record,sample,part",
      },
      config: CONFIG,
    },
  },
  train: {
    summary:
      'train a network, or go on from its checkpoint; Ctrl-C stops with one; the test set stays closed',
    options: RUN,
    variants: { '--net rhythmnet': RHYTHM_COMMANDS.train },
  },
  evaluate: {
    summary:
      "measure the run's last weights on its fold's patients or validation beats, with --open-test on its test set",
    options: RUN,
    variants: { '--net rhythmnet': RHYTHM_COMMANDS.evaluate },
  },
  export: {
    summary: 'write model.onnx and card.json, verified on the whole test set against what was trained',
    options: {
      ...RUN,
      int8: { kind: 'flag', help: '8-bit weights and activations instead of floats' },
      out: { kind: 'text', value: 'DIR', help: "default: the run's folder" },
      publish: PUBLISH,
    },
    variants: { '--net rhythmnet': RHYTHM_COMMANDS.export },
  },
  compress: {
    summary:
      'compress a trained network, or go on from the checkpoint of its compression; writes NAME-METHOD.zip',
    options: {
      ...RUN,
      method: {
        kind: 'choice',
        of: COMPRESSIONS,
        required: true,
        value: 'METHOD',
        formerly: FORMER_METHODS,
        help: COMPRESSIONS.join(', '),
      },
      'weight-bytes': {
        kind: 'number',
        value: 'N',
        min: 1,
        max: 1e9,
        whole: true,
        help: 'of a point of the curve: what all weights may take by their entropy',
      },
      out: { kind: 'text', value: 'DIR', help: "default: the compression's folder" },
      publish: PUBLISH,
    },
  },
  'new-patients': {
    summary:
      'train what is missing of five folds a seed, and print how each patient is named who was never seen',
    options: {
      net: { kind: 'text', value: 'NAME', required: true },
      seeds: { ...SEEDS, default: '1' },
      ds2: { kind: 'flag', help: 'also train on all of them and measure DS2: every call opens the test set' },
      literature: { kind: 'flag', help: 'also train on DS1 alone and measure DS2, as others do: likewise' },
      publish: PUBLISH,
      config: CONFIG,
    },
  },
  detector: {
    summary: "learn the QRS detector's weights: of either half of the patients, and of all, which ship",
    options: { config: CONFIG },
  },
  report: {
    summary: "the results beside the paper's tables as report.html and report.md, and a summary",
    options: {
      out: { kind: 'text', value: 'DIR', help: 'default: docs' },
      results: { kind: 'text', value: 'DIR', help: 'other results than the published ones' },
      json: { kind: 'flag', help: 'print the results as JSON; write nothing' },
    },
  },
} as const satisfies Commands;
