/** How figures are written: the same everywhere in the report. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { FIRST_SEED, type Method, type ResultRow } from '../evaluate/result-row.ts';
import { presetOf } from '../presets/catalog.ts';

export function share(value: number): string {
  return value.toFixed(4);
}

/** As the paper prints its own. */
export function paperShare(value: number): string {
  return value.toFixed(3);
}

export function percentOf(value: number, decimals: number): string {
  return `${(100 * value).toFixed(decimals)} %`;
}

/** A megabyte of 1,000,000 bytes, as the paper's tables seem to count. */
export function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(bytes < MEGABYTE ? 3 : 2);
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function milliseconds(value: number): string {
  return value.toFixed(2);
}

/** Three digits that count: a loss may be 1.8 or 0.0004. */
export function threeDigits(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

export function minutes(seconds: number): string {
  return (seconds / 60).toFixed(seconds < 600 ? 1 : 0);
}

export function networkTitle(network: string): string {
  return presetOf(network)?.title ?? network;
}

const METHOD_TITLES: Readonly<Record<Method, string>> = {
  none: 'floats, as trained',
  'post-training-quantized': 'quantized after training',
  quantized: 'quantized',
  pruned: 'pruned',
  clustered: 'clustered',
  'clustered+pruned': 'clustered + pruned',
  'quantized+pruned': 'quantized + pruned',
  'quantized+pruned+clustered': 'quantized + pruned + clustered',
  'per-layer': 'decided layer by layer',
  'low-rank': 'low rank',
  'channel-pruned': 'channel-pruned',
  distilled: 'distilled',
  curve: 'point of the curve',
};

/** These say nothing of what they were done to; the others name it. */
const SAY_FROM: readonly Method[] = ['per-layer', 'low-rank', 'channel-pruned', 'distilled', 'curve'];

/** What was done, to what, and on which split where it is not the first. */
export function methodTitle({
  method,
  variant,
  from,
  protocol = 'paper',
  seed = FIRST_SEED,
}: Pick<ResultRow, 'method' | 'variant' | 'from'> & Partial<Pick<ResultRow, 'protocol' | 'seed'>>): string {
  const title = variant === undefined ? METHOD_TITLES[method] : `${METHOD_TITLES[method]}: ${variant}`;
  const isToSay = from !== undefined && from !== 'none' && SAY_FROM.includes(method);
  const whole = isToSay ? `${title}, from ${METHOD_TITLES[from]}` : title;
  return seed === FIRST_SEED ? whole : `${whole}, ${protocol === 'paper' ? 'split' : 'seed'} ${seed}`;
}

/** The file as it is for whole weights, the archive where zeros and repetitions only pay off when archived. */
export function comparableBytes({ method, fileBytes, archiveBytes }: ResultRow): number {
  return method === 'none' || method === 'quantized' || method === 'post-training-quantized'
    ? fileBytes
    : archiveBytes;
}
