/** What a file in trainer/results/ must hold before a figure of it is published. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { EC57_LABELS, PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import { PROTOCOLS } from '../data/splits.ts';
import { inTodaysNames } from '../old-names.ts';
import { NETWORK_NAMES } from '../presets/catalog.ts';
import { metricsOf } from './metrics.ts';
import { formerFileName, METHODS, type ResultRow, resultFileName } from './result-row.ts';

/** Rounding in JSON and in sums; a figure that was typed differs by more. */
const TOLERANCE = 1e-9;

const SHARES = ['accuracy', 'precision', 'recall'] as const;
const COUNTS = ['parameters', 'fileBytes', 'archiveBytes', 'originalBytes', 'epochs', 'batch'] as const;
const OPTIONAL_SHARES = [
  'agreementWithFloat',
  'agreementWithFake',
  'agreementWithExecutor',
  'sparsity',
] as const;
const OPTIONAL_COUNTS = ['millisecondsPerBeat', 'instructionsPerBeat', 'distinctWeights'] as const;
const TEXTS = ['machine', 'revision', 'recordedOn'] as const;

/** @throws RhythmdError E_RESULT_BROKEN, naming the file and what is wrong with it */
export function parseResult(text: string, fileName: string): ResultRow {
  const row = inTodaysNames(parseJson(text, fileName));
  const problem = problemOf(row);
  if (problem !== null) throw broken(fileName, problem);
  const result = row as unknown as ResultRow;
  if (resultFileName(result) !== fileName && formerFileName(result) !== fileName)
    throw broken(fileName, `holds the row of ${resultFileName(result)}`);
  return result;
}

function parseJson(text: string, fileName: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (cause) {
    throw broken(fileName, `is no JSON: ${(cause as Error).message}`, cause);
  }
  throw broken(fileName, 'holds no row');
}

function problemOf(row: Record<string, unknown>): string | null {
  return (
    unknownName(row, 'network', NETWORK_NAMES) ??
    unknownName(row, 'protocol', PROTOCOLS) ??
    unknownName(row, 'method', METHODS) ??
    SHARES.map((key) => badShare(key, row[key])).find((problem) => problem !== null) ??
    COUNTS.map((key) => badCount(key, row[key])).find((problem) => problem !== null) ??
    OPTIONAL_SHARES.map((key) => (key in row ? badShare(key, row[key]) : null)).find((p) => p !== null) ??
    OPTIONAL_COUNTS.map((key) => (row[key] == null ? null : badCount(key, row[key]))).find(
      (p) => p !== null,
    ) ??
    TEXTS.map((key) => (typeof row[key] === 'string' ? null : `has no ${key}`)).find((p) => p !== null) ??
    onDevicesProblem(row.onDevices) ??
    confusionProblem(row) ??
    learningProblem(row.learning)
  );
}

function unknownName(row: Record<string, unknown>, key: string, known: readonly string[]): string | null {
  return known.some((name) => name === row[key])
    ? null
    : `names the ${key} ${JSON.stringify(row[key])}, not one of ${known.join(', ')}`;
}

function badShare(key: string, value: unknown): string | null {
  return isNumber(value) && value >= 0 && value <= 1 ? null : `has no ${key} from 0 to 1: ${shown(value)}`;
}

function badCount(key: string, value: unknown): string | null {
  return isNumber(value) && value >= 0 ? null : `has no ${key} of 0 or more: ${shown(value)}`;
}

/** The counts are what was measured; every share must follow from them. */
function confusionProblem({ metrics, accuracy, precision, recall }: Record<string, unknown>): string | null {
  const confusion = isRecord(metrics) ? metrics.confusion : undefined;
  const size =
    Array.isArray(confusion) && confusion.length === EC57_LABELS.length
      ? EC57_LABELS.length
      : PAPER_LABELS.length;
  const isSquare =
    Array.isArray(confusion) &&
    confusion.length === size &&
    confusion.every(
      (line) =>
        Array.isArray(line) && line.length === size && line.every((n) => Number.isInteger(n) && n >= 0),
    );
  if (!isSquare) return `has no confusion matrix of ${size} x ${size} counts`;
  const counted = metricsOf(confusion as number[][]);
  if (counted.beats === 0) return 'has a confusion matrix without beats';
  const follows = (share: unknown, from: number): boolean => Math.abs((share as number) - from) <= TOLERANCE;
  if (!follows(accuracy, counted.accuracy)) return 'has an accuracy that its confusion matrix does not give';
  if (!follows(precision, counted.macroPrecision))
    return 'has a precision that its confusion matrix does not give';
  if (!follows(recall, counted.macroRecall)) return 'has a recall that its confusion matrix does not give';
  return null;
}

function onDevicesProblem(count: unknown): string | null {
  if (count === undefined) return null;
  const isCount =
    isRecord(count) &&
    isNumber(count.memoryBytes) &&
    (count.instructions === null ||
      (isRecord(count.instructions) &&
        isNumber(count.instructions.a53) &&
        isNumber(count.instructions.arm1176)));
  return isCount ? null : 'has a count of devices without memory and instructions';
}

function learningProblem(learning: unknown): string | null {
  if (learning === undefined) return null;
  const isCurve =
    Array.isArray(learning) &&
    learning.every(
      (epoch) =>
        isRecord(epoch) &&
        isNumber(epoch.epoch) &&
        isNumber(epoch.loss) &&
        isNumber(epoch.accuracy) &&
        (epoch.validation === null || (isRecord(epoch.validation) && isNumber(epoch.validation.accuracy))),
    );
  return isCurve ? null : 'has a learning curve that is not a list of epochs';
}

function broken(fileName: string, what: string, cause?: unknown): RhythmdError {
  return new RhythmdError(
    'E_RESULT_BROKEN',
    `${fileName} ${what}`,
    'Results are written by commands: run the one that made it again',
    { cause },
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function shown(value: unknown): string {
  return value === undefined ? 'it is missing' : JSON.stringify(value);
}
