/** The columns of the results tables: each says what it shows of an entry. */

import type { ResultRow } from '../evaluate/result-row.ts';
import { SHARED_PATIENT } from '../evaluate/shared-patient.ts';
import type { CommandList } from './commands.ts';
import { type Cell, type Column, cell, type Table } from './document.ts';
import { type Entry, SMALL_NETWORKS } from './entries.ts';
import {
  comparableBytes,
  count,
  megabytes,
  methodTitle,
  milliseconds,
  minutes,
  networkTitle,
  paperShare,
  percentOf,
  share,
} from './figures.ts';
import { baseRate, spreadOfRows } from './spread.ts';

export interface EntryColumn extends Column {
  readonly cellOf: (entry: Entry) => Cell | null;
}

const THEIRS = 'the paper';
const OURS = 'ours';
const PATIENTS = 'ours, new patients';

/** Of rows and of what may be missing from them. */
function ofRow(
  row: ResultRow | null,
  write: (row: ResultRow) => string | null | undefined,
  missing: Cell | null = null,
): Cell | null {
  if (row === null) return missing;
  const text = write(row);
  return text === null || text === undefined ? null : cell(text);
}

const NOT_MEASURED = cell('not measured', 'quiet');

function ours(title: string, write: (row: ResultRow) => string | null | undefined): EntryColumn {
  return { title, group: OURS, align: 'right', cellOf: ({ onPaper }) => ofRow(onPaper, write) };
}

function patients(title: string, write: (row: ResultRow) => string | null | undefined): EntryColumn {
  return { title, group: PATIENTS, align: 'right', cellOf: ({ onPatients }) => ofRow(onPatients, write) };
}

const whenGiven = (write: (value: number) => string, value: number | null | undefined): string | null =>
  value === null || value === undefined ? null : write(value);

export const NETWORK: EntryColumn = {
  title: 'network',
  align: 'left',
  cellOf: ({ network }) => cell(networkTitle(network)),
};

export const METHOD: EntryColumn = {
  title: 'what was done',
  align: 'left',
  cellOf: ({ method, onPaper, onPatients }) => cell(methodTitle(onPaper ?? onPatients ?? { method })),
};

export const PAPER_COLUMNS: readonly EntryColumn[] = [
  {
    title: 'accuracy',
    group: THEIRS,
    align: 'right',
    cellOf: ({ theirs }) => (theirs === null ? null : cell(paperShare(theirs.accuracy))),
  },
  {
    title: 'precision',
    group: THEIRS,
    align: 'right',
    cellOf: ({ theirs }) => (theirs === null ? null : cell(paperShare(theirs.precision))),
  },
  {
    title: 'recall',
    group: THEIRS,
    align: 'right',
    cellOf: ({ theirs }) => (theirs === null ? null : cell(paperShare(theirs.recall))),
  },
  {
    title: 'MB',
    group: THEIRS,
    align: 'right',
    cellOf: ({ theirs }) => (theirs === null ? null : cell(String(theirs.megabytes))),
  },
];

export const ACCURACY_COLUMNS: readonly EntryColumn[] = [
  {
    title: 'accuracy',
    group: OURS,
    align: 'right',
    cellOf: ({ onPaper }) => ofRow(onPaper, ({ accuracy }) => share(accuracy), NOT_MEASURED),
  },
  ours('precision', ({ precision }) => share(precision)),
  ours('recall', ({ recall }) => share(recall)),
  ours('w. precision', ({ metrics }) => share(metrics.weightedPrecision)),
];

export const SIZE_COLUMNS: readonly EntryColumn[] = [
  ours('file, MB', ({ fileBytes }) => megabytes(fileBytes)),
  ours('archive, MB', ({ archiveBytes }) => megabytes(archiveBytes)),
];

export const TRAINING_COLUMNS: readonly EntryColumn[] = [
  ours('parameters', ({ parameters }) => count(parameters)),
  ours('epochs', ({ epochs }) => String(epochs)),
  ours('batch', ({ batch }) => String(batch)),
  ours('min', ({ cpuSeconds }) => minutes(cpuSeconds)),
];

export const COMPRESSION_COLUMNS: readonly EntryColumn[] = [
  ours('rate', (row) => percentOf(comparableBytes(row) / row.originalBytes, 1)),
  ours('as floats', ({ agreementWithFloat }) => whenGiven((x) => percentOf(x, 2), agreementWithFloat)),
];

export const TIME: EntryColumn = ours('ms a beat', ({ millisecondsPerBeat }) =>
  whenGiven(milliseconds, millisecondsPerBeat),
);

export const PATIENT_COLUMNS: readonly EntryColumn[] = [
  {
    title: 'accuracy',
    group: PATIENTS,
    align: 'right',
    cellOf: ({ network, onPatients }) =>
      ofRow(
        onPatients,
        ({ accuracy }) => share(accuracy),
        SMALL_NETWORKS.includes(network) ? NOT_MEASURED : null,
      ),
  },
  patients('always N', (row) => share(baseRate(row))),
  patients(`without ${SHARED_PATIENT.tested}`, ({ withoutSharedPatient }) =>
    whenGiven(share, withoutSharedPatient?.accuracy),
  ),
  {
    title: 'median (range) of seeds',
    group: PATIENTS,
    align: 'right',
    cellOf: ({ patientDraws }) => (patientDraws.length < 2 ? null : cell(spreadOfRows(patientDraws))),
  },
  patients('precision', ({ precision }) => share(precision)),
  patients('recall', ({ recall }) => share(recall)),
];

export function madeBy(commands: CommandList): EntryColumn {
  return {
    title: 'made by',
    align: 'right',
    cellOf: (entry) => ({ text: [{ commands: entry.commands.map((command) => commands.cite(command)) }] }),
  };
}

export function entryTable(
  caption: string,
  columns: readonly EntryColumn[],
  entries: readonly Entry[],
): Table {
  return {
    kind: 'table',
    caption,
    columns,
    rows: entries.map((entry) => columns.map(({ cellOf }) => cellOf(entry))),
  };
}
