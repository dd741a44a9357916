/** Options shared by the verbs, checked once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type CompressionMethod, variantOf } from '../compress/method.ts';
import { DS1_FOLDS, PROTOCOLS, type Protocol } from '../data/splits.ts';
import { trainingFolder } from '../files.ts';
import { networkNamed } from '../nets/catalog.ts';
import { formerMethod } from '../old-names.ts';
import { type Recipe, recipeFor } from '../train/recipe.ts';

type OptionTable = NonNullable<ParseArgsConfig['options']>;
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export const RUN_OPTIONS = {
  net: { type: 'string' },
  protocol: { type: 'string' },
  seed: { type: 'string' },
  epochs: { type: 'string' },
  batch: { type: 'string' },
  'learning-rate': { type: 'string' },
  fold: { type: 'string' },
  folder: { type: 'string' },
  help: { type: 'boolean' },
} as const satisfies OptionTable;

export const RUN_USAGE = `  --net NAME            which network
  --protocol NAME       paper (random 75/25) or patient-separated (DS1/DS2)
  --seed N              default 1
  --epochs N --batch N --learning-rate X    instead of the preset's
  --fold N              hold out this fifth of DS1's patients (patient-separated)
  --folder DIR          where the checkpoint lives (default: below RHYTHMD_TRAINING_FOLDER)`;

/** @throws RhythmdError E_USAGE */
export function parseOptions(args: string[], options: OptionTable): OptionValues {
  try {
    return parseArgs({ args, options, strict: true }).values as OptionValues;
  } catch (cause) {
    throw usageError((cause as Error).message);
  }
}

export interface RunSelection {
  readonly recipe: Recipe;
  readonly folder: string;
}

/** The recipe and folder that the options name. */
export function selectRun(values: OptionValues): RunSelection {
  const network = stringOf(values, 'net');
  const protocol = stringOf(values, 'protocol');
  if (network === null) throw usageError('--net is missing');
  networkNamed(network);
  if (!isProtocol(protocol)) throw usageError(`--protocol is one of ${PROTOCOLS.join(', ')}`);
  const epochs = numberOf(values, 'epochs', 1, 1000, true);
  const batch = numberOf(values, 'batch', 2, 1024, true);
  const learningRate = numberOf(values, 'learning-rate', 1e-7, 1, false);
  const seed = numberOf(values, 'seed', 0, 2 ** 31, true);
  const fold = numberOf(values, 'fold', 0, DS1_FOLDS - 1, true);
  if (fold !== null && protocol === 'paper')
    throw usageError('--fold belongs to --protocol patient-separated');
  const recipe = recipeFor(network, protocol, {
    ...(epochs === null ? {} : { epochs }),
    ...(batch === null ? {} : { batch }),
    ...(learningRate === null ? {} : { learningRate }),
    ...(seed === null ? {} : { seed }),
    ...(fold === null ? {} : { fold }),
  });
  return { recipe, folder: stringOf(values, 'folder') ?? defaultFolder(recipe) };
}

/** Where a run's checkpoint lies; one that was begun under a method's former name stays where it is. */
export function defaultFolder(recipe: Recipe): string {
  const former = recipe.compression === undefined ? null : formerMethod(recipe.compression.method);
  const folder = folderOf(recipe, recipe.compression?.method);
  if (former === null || existsSync(folder)) return folder;
  const formerFolder = folderOf(recipe, former);
  return existsSync(formerFolder) ? formerFolder : folder;
}

function folderOf({ network, protocol, seed, fold, compression }: Recipe, name: string | undefined): string {
  const variant = compression === undefined ? undefined : variantOf(compression);
  const words = [name?.replaceAll('+', '-'), variant].filter((word) => word !== undefined);
  const method = words.map((word) => `-${word}`).join('');
  const suffix = `${fold === null ? '' : `-fold${fold}`}${method}`;
  return join(trainingFolder(), 'runs', `${network}-${protocol}-seed${seed}${suffix}`);
}

/** What `compress` calls the model that it leaves there. */
export function archiveName(network: string, method: CompressionMethod): string {
  return `${network}-${method.replaceAll('+', '-')}.zip`;
}

export function usageError(message: string): RhythmdError {
  return new RhythmdError('E_USAGE', message, 'See --help');
}

export function stringOf(values: OptionValues, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' ? value : null;
}

export function numberOf(
  values: OptionValues,
  name: string,
  min: number,
  max: number,
  whole: boolean,
): number | null {
  const text = stringOf(values, name);
  if (text === null) return null;
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
    throw usageError(`--${name} is a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

function isProtocol(value: string | null): value is Protocol {
  return PROTOCOLS.some((protocol) => protocol === value);
}
