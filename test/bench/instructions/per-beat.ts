/** From the counts at a program's marks to what one beat takes. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** What a beat takes in one or several runs. Rounds differ: memory is collected, code is compiled. */
export interface PerBeat {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** How far the medians of the runs lie apart, as a share of theirs; null after a single run. */
  readonly scatter: number | null;
}

/** @throws RhythmdError E_COUNT: one whole number a line, each larger than the one before */
export function parseCounts(text: string): number[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const counts = lines.map((line) => (/^\d+$/.test(line) ? Number(line) : Number.NaN));
  const bad = counts.findIndex((count, i) => !Number.isSafeInteger(count) || count <= (counts[i - 1] ?? 0));
  if (bad !== -1)
    throw new RhythmdError('E_COUNT', `mark ${bad + 1} holds "${lines[bad]}", which is no count`);
  return counts;
}

/** @param counts at the beginning of each round and at the end of the last one */
export function roundsOf(counts: readonly number[], beatsPerRound: number): number[] {
  return counts.slice(1).map((count, i) => (count - counts[i]!) / beatsPerRound);
}

/** @param runs the rounds of each run */
export function perBeat(runs: readonly (readonly number[])[]): PerBeat {
  const rounds = runs.flat();
  const medians = runs.map(median);
  return {
    median: median(medians),
    lowest: Math.min(...rounds),
    highest: Math.max(...rounds),
    scatter: runs.length < 2 ? null : (Math.max(...medians) - Math.min(...medians)) / median(medians),
  };
}

/** The mean of the two in the middle of an even number. */
function median(values: readonly number[]): number {
  if (values.length === 0) throw new RhythmdError('E_COUNT', 'nothing was counted');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
