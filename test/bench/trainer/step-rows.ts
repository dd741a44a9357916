/** What a training step costs: ours and PyTorch's in turns, and rows kept from an earlier sitting. */
import { existsSync, readFileSync } from 'node:fs';
import { FIRST_STEPS, stepsInRun } from '@rhythmd/trainer/train/train.ts';
import type { Machine } from '../machine.ts';
import { startOurs, type Torch } from './trainees.ts';

const ROUNDS = 3;
const PYTORCH_STEPS = 4;
/** Until the runtime's memory has grown to what a run takes. */
const WARM_UPS = 4;

export const ROUNDS_TEXT = `${ROUNDS} rounds, ours of a run as long as training makes it, PyTorch's of ${PYTORCH_STEPS} steps`;

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
    let steps = FIRST_STEPS;
    for (let i = 0; i < WARM_UPS; i++) {
      const { ms } = await trainee.train(String(FIRST_STEPS));
      steps = stepsInRun(ms[0]! / 1000);
    }
    await torch?.train(`${network} ${batch} ${FIRST_STEPS}`);
    const ours: number[] = [];
    const theirs: number[] = [];
    let peak = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const cost = await trainee.train(String(steps));
      ours.push(...cost.ms);
      peak = cost.peak_rss_mb ?? peak;
      if (torch !== null) theirs.push(...(await torch.train(`${network} ${batch} ${PYTORCH_STEPS}`)).ms);
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
