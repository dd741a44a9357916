/** Which targets are met: by the rows, not by anybody's word. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { type PaperFigures, paperFigures } from '../evaluate/paper-table.ts';
import type { Method, ResultRow } from '../evaluate/result-row.ts';
import {
  ACCURACY_LOST_AT_MOST,
  FLOAT_ACCURACY,
  INTEGER_AGREEMENT,
  leastSpeedRatio,
  mostQuantizedPrunedMegabytes,
  PAPER_BATCH,
  QUANTIZED_PRUNED_ACCURACY,
  TRAINING_MEMORY,
  tenthMegabytes,
} from '../evaluate/targets.ts';
import { comparableBytes, megabytes, percentOf, share } from './figures.ts';
import type { ResultIndex } from './result-index.ts';
import type { SpeedResult } from './speed.ts';

export interface Assessment {
  /** What was measured; null: nothing yet. */
  readonly measured: string | null;
  readonly mustBe: string;
  /** null: not measured. */
  readonly isMet: boolean | null;
}

const unknown = (mustBe: string): Assessment => ({ measured: null, mustBe, isMet: null });

export function assessFloatAccuracy(results: ResultIndex, network: string): Assessment {
  return assessAccuracy(results.find(network, 'paper', 'none'), FLOAT_ACCURACY);
}

export function assessQuantizedPrunedAccuracy(results: ResultIndex, network: string): Assessment {
  return assessAccuracy(results.find(network, 'paper', 'quantized+pruned'), QUANTIZED_PRUNED_ACCURACY);
}

/** Targets hold for beats drawn anew too: the lowest of the other splits decides. */
export function assessOtherSplits(results: ResultIndex, network: string, method: Method): Assessment {
  const least = method === 'none' ? FLOAT_ACCURACY : QUANTIZED_PRUNED_ACCURACY;
  const drawn = results.everyDraw
    .filter((row) => row.network === network && row.protocol === 'paper' && row.method === method)
    .filter((row) => !results.isOfFirstSplit(row));
  if (drawn.length === 0) return unknown(`≥ ${least.toFixed(3)}`);
  return assessAccuracy(
    drawn.reduce((worst, row) => (row.accuracy < worst.accuracy ? row : worst)),
    least,
  );
}

export function assessQuantizedPrunedSize(results: ResultIndex, network: string): Assessment {
  const most = mostQuantizedPrunedMegabytes(network);
  return most === undefined
    ? unknown('-')
    : assessSize(results.find(network, 'paper', 'quantized+pruned'), most);
}

/** Of all methods and splits, points of the curve among them, the smallest archive that is accurate enough. */
export function assessSmallest(results: ResultIndex, network: string): Assessment {
  const most = tenthMegabytes(network);
  if (most === undefined) return unknown('-');
  const bytes = results.everyDraw
    .filter((row) => row.network === network && row.protocol === 'paper')
    .filter(({ accuracy, method }) => accuracy >= QUANTIZED_PRUNED_ACCURACY && method !== 'none')
    .map(({ archiveBytes }) => archiveBytes);
  const mustBe = `≤ ${most}`;
  if (bytes.length === 0) return unknown(mustBe);
  const smallest = Math.min(...bytes);
  return {
    measured: besideLimit(smallest, most * MEGABYTE, megabytes),
    mustBe,
    isMet: smallest <= most * MEGABYTE,
  };
}

/** At or under the paper's size. */
export function assessSizeOf(results: ResultIndex, network: string, method: Method): Assessment {
  const theirs: PaperFigures | null = paperFigures(network, method, 'paper');
  return theirs === null
    ? unknown('-')
    : assessSize(results.find(network, 'paper', method), theirs.megabytes);
}

/** Not far below the same network in floats. */
export function assessLoss(results: ResultIndex, network: string, method: Method): Assessment {
  const mustBe = `≤ ${percentOf(ACCURACY_LOST_AT_MOST, 1)}`;
  const row = results.find(network, 'paper', method);
  const float = results.find(network, 'paper', 'none');
  if (row === null || float === null) return unknown(mustBe);
  const lost = float.accuracy - row.accuracy;
  return { measured: percentOf(lost, 2), mustBe, isMet: lost <= ACCURACY_LOST_AT_MOST };
}

/** The worst of the network's integer models. */
export function assessIntegers(results: ResultIndex, network: string): Assessment {
  const mustBe = `≥ ${percentOf(INTEGER_AGREEMENT, 1)}`;
  const shares = results.rows.flatMap((row) =>
    row.network === network && row.agreementWithFake !== undefined ? [row.agreementWithFake] : [],
  );
  if (shares.length === 0) return unknown(mustBe);
  const worst = Math.min(...shares);
  return { measured: percentOf(worst, 3), mustBe, isMet: worst >= INTEGER_AGREEMENT };
}

export function assessSpeed(speed: SpeedResult | null, network: string): Assessment {
  const least = leastSpeedRatio(network);
  const step = speed?.steps.find((one) => one.network === network && one.batch === PAPER_BATCH);
  const mustBe = `≥ ${least}`;
  if (step === undefined || step.ratio === null) return unknown(mustBe);
  return { measured: step.ratio.toFixed(2), mustBe, isMet: step.ratio >= least };
}

/** null for networks whose memory has no target. */
export function assessMemory(speed: SpeedResult | null, network: string): Assessment | null {
  if (network !== TRAINING_MEMORY.network) return null;
  const mustBe = `< ${TRAINING_MEMORY.megabytes}`;
  const step = speed?.steps.find((one) => one.network === network && one.batch === PAPER_BATCH);
  if (step === undefined) return unknown(mustBe);
  return {
    measured: step.peak_rss_mb.toFixed(0),
    mustBe,
    isMet: step.peak_rss_mb < TRAINING_MEMORY.megabytes,
  };
}

function assessAccuracy(row: ResultRow | null, least: number): Assessment {
  const mustBe = `≥ ${least.toFixed(3)}`;
  return row === null
    ? unknown(mustBe)
    : { measured: besideLimit(row.accuracy, least, share), mustBe, isMet: row.accuracy >= least };
}

function assessSize(row: ResultRow | null, most: number): Assessment {
  const mustBe = `≤ ${most}`;
  if (row === null) return unknown(mustBe);
  const bytes = comparableBytes(row);
  return {
    measured: besideLimit(bytes, most * MEGABYTE, megabytes),
    mustBe,
    isMet: bytes <= most * MEGABYTE,
  };
}

/** With more digits where rounding would put a figure on the other side of its limit. */
function besideLimit(value: number, limit: number, write: (value: number) => string): string {
  return value !== limit && write(value) === write(limit)
    ? (write === megabytes ? value / MEGABYTE : value).toFixed(6)
    : write(value);
}
