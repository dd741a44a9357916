/**
 * The 36x36 image of one beat as paper.md states it, computed from a whole record with nothing but the
 * definition: slow, obvious, and independent of the streaming code it checks.
 */
export interface SlowBeatInput {
  readonly lead: Float32Array;
  readonly peaks: readonly number[];
  readonly index: number;
  readonly normalisation: 'record' | 'running';
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]!;
const meanOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: number[]): number => {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
};

function levelOf(input: SlowBeatInput): { mean: number; deviation: number } {
  const samples = [...input.lead];
  if (input.normalisation === 'record') return { mean: meanOf(samples), deviation: deviationOf(samples) };
  const peak = input.peaks[input.index]!;
  const blocks: number[][] = [];
  for (let end = 720; end <= peak; end += 720) blocks.push(samples.slice(end - 720, end));
  if (blocks.length === 0) blocks.push(samples.slice(0, peak));
  const recent = blocks.slice(-16);
  return { mean: median(recent.map(meanOf)), deviation: median(recent.map(deviationOf)) };
}

/** The masked beat, 1,296 samples. */
export function slowBeat(input: SlowBeatInput): number[] {
  const { lead, peaks, index } = input;
  const { mean, deviation } = levelOf(input);
  const reach = input.normalisation === 'record' ? 1296 : 648;
  const peak = peaks[index]!;
  const toPrevious = index === 0 ? Number.POSITIVE_INFINITY : peak - peaks[index - 1]!;
  const toNext = index + 1 === peaks.length ? Number.POSITIVE_INFINITY : peaks[index + 1]! - peak;
  const plane: number[] = [];
  for (let offset = -648; offset < 648; offset++) {
    const isMasked = offset < 0 ? -offset > toPrevious / 2 : toNext <= reach && offset > toNext / 2;
    const value = lead[peak + offset];
    plane.push(isMasked || value === undefined ? 0 : (value - mean) / deviation);
  }
  return plane;
}

/** The sample-by-sample median of the (up to 21) masked beats before this one. */
export function slowTypicalBeat(input: SlowBeatInput): number[] {
  const before: number[][] = [];
  for (let i = Math.max(0, input.index - 21); i < input.index; i++)
    before.push(slowBeat({ ...input, index: i }));
  return Array.from({ length: 1296 }, (_, i) => (before.length === 0 ? 0 : median(before.map((b) => b[i]!))));
}

/** 36 rows of 36 equal values: log2 of RR over the median RR. */
export function slowRhythm(input: SlowBeatInput): number[] {
  const { peaks, index } = input;
  const intervals: number[] = [];
  for (let i = Math.max(1, index - 34); i <= index; i++) intervals.push(peaks[i]! - peaks[i - 1]!);
  const after = index + 1 < peaks.length ? peaks[index + 1]! - peaks[index]! : Number.POSITIVE_INFINITY;
  const reach = input.normalisation === 'record' ? 1296 : 648;
  const typical = intervals.length > 0 ? median(intervals) : after;
  const shown: (number | null)[] = Array.from({ length: 35 - intervals.length }, () => null);
  shown.push(...intervals, after <= reach ? after : null);
  return shown.flatMap((rr) => {
    const value = rr === null ? 0 : Math.max(-2, Math.min(2, Math.log2(rr / typical)));
    return Array.from({ length: 36 }, () => value);
  });
}
