/** What a training step costs: ours and PyTorch's in turns, and rows kept from an earlier sitting. */
import { existsSync, readFileSync } from 'node:fs';
import type { Machine } from '../machine.ts';
import { startOurs, type Torch } from './trainees.ts';

const ROUNDS = 3;
const STEPS_PER_ROUND = 4;

export const ROUNDS_TEXT = `${ROUNDS} rounds of ${STEPS_PER_ROUND} steps`;

export interface StepRow {
  readonly network: string;
  readonly batch: number;
  /** Medians of processor time. */
  readonly ours_ms: number;
  readonly pytorch_ms: number | null;
  readonly ratio: number | null;
  readonly peak_rss_mb: number;
}

export async function measureSteps(network: string, batch: number, torch: Torch | null): Promise<StepRow> {
  const trainee = startOurs(network, batch);
  try {
    await trainee.train(String(STEPS_PER_ROUND));
    await torch?.train(`${network} ${batch} 1`);
    const ours: number[] = [];
    const theirs: number[] = [];
    let peak = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const cost = await trainee.train(String(STEPS_PER_ROUND));
      ours.push(...cost.ms);
      peak = cost.peak_rss_mb ?? peak;
      if (torch !== null) theirs.push(...(await torch.train(`${network} ${batch} ${STEPS_PER_ROUND}`)).ms);
    }
    const oursMs = median(ours);
    const pytorchMs = theirs.length === 0 ? null : median(theirs);
    return {
      network,
      batch,
      ours_ms: oursMs,
      pytorch_ms: pytorchMs,
      ratio: pytorchMs === null ? null : pytorchMs / oursMs,
      peak_rss_mb: peak,
    };
  } finally {
    trainee.end();
  }
}

interface Kept {
  readonly machine: Machine;
  readonly pytorch: string | null;
  readonly steps: readonly StepRow[];
  readonly loss_of_one_batch: Readonly<Record<string, number>>;
}

/** An earlier result, where it can stand beside new rows: the same machine, the same PyTorch. */
export function keptFrom(path: string, machine: Machine, pytorch: string | null): Kept | null {
  if (!existsSync(path)) return null;
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Kept;
  const isSame =
    kept.machine.cpu === machine.cpu && kept.machine.node === machine.node && kept.pytorch === pytorch;
  return isSame ? kept : null;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
