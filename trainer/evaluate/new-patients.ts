/** Figures on patients never seen, seed by seed: `trainer/results/new-patients/NETWORK.json`, written by a command. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsFolder } from './results.ts';
import type { RecordFigures } from './run-figures.ts';

export interface SeedFigures {
  readonly seed: number;
  /** Each record by the network that did not see it: of its fold, or (DS2) trained on all others. */
  readonly twoLeads: readonly RecordFigures[];
  readonly oneLead: readonly RecordFigures[];
  /** With two leads, once twelve beats of each patient were named; these do not count. */
  readonly taught?: readonly RecordFigures[];
  /** The literature's protocol: DS2 by a network trained on DS1 alone. */
  readonly ds1Only?: Measured;
}

/** The same patients in three ways. */
export interface Measured {
  readonly twoLeads: readonly RecordFigures[];
  readonly oneLead: readonly RecordFigures[];
  readonly taught: readonly RecordFigures[];
}

export interface NewPatients {
  readonly network: string;
  readonly revision: string;
  readonly seeds: readonly SeedFigures[];
  /** DS2 by the 8-bit network trained on everything else. */
  readonly quantized?: {
    readonly seed: number;
    readonly size: Readonly<Record<'parameters' | 'fileBytes' | 'archiveBytes' | 'floatFileBytes', number>>;
    readonly agreement: number;
    readonly agreementWithFloat: number;
    readonly twoLeads: readonly RecordFigures[];
    readonly oneLead: readonly RecordFigures[];
  };
}

export function newPatientsPath(network: string): string {
  return join(resultsFolder, 'new-patients', `${network}.json`);
}

/** Of all networks that were measured so but one, by name. */
export function readOtherNewPatients(but: string): NewPatients[] {
  const folder = join(resultsFolder, 'new-patients');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  return names.filter((name) => name !== but).flatMap((name) => readNewPatients(name) ?? []);
}

/** null: not measured. */
export function readNewPatients(network: string): NewPatients | null {
  const path = newPatientsPath(network);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as NewPatients) : null;
}

/** The lower median; null where a value is unknown. */
export function medianOf(values: readonly (number | null)[]): number | null {
  if (values.length === 0 || values.includes(null)) return null;
  return ([...values] as number[]).sort((a, b) => a - b)[(values.length - 1) >> 1]!;
}

/** `.851 (.842-.860)`: the median and the range; a dash where a value is unknown. */
export function spreadOf(values: readonly (number | null)[]): string {
  const median = medianOf(values);
  if (median === null) return '-';
  const text = (value: number): string => value.toFixed(3).replace(/^0/, '');
  if (values.length === 1) return text(median);
  return `${text(median)} (${text(Math.min(...(values as number[])))}-${text(Math.max(...(values as number[])))})`;
}
