/**
 * `npm run bench -- trainer [NETWORK...] [--torch-root DIR]`: what a training step costs, ours and PyTorch's in turns, and that every
 * network can learn. DIR: the root of another Debian release, for its PyTorch.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { PAPER_NETWORKS } from '@rhythmd/trainer/evaluate/paper-table.ts';
import { leastSpeedRatio, PAPER_BATCH } from '@rhythmd/trainer/evaluate/targets.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { overfitOneBatch } from '../support/overfit.ts';
import { thisMachine } from './machine.ts';
import type { BenchTopic, ResultTable } from './topic.ts';
import { keptFrom, measureSteps, ROUNDS_TEXT, type StepRow } from './trainer/step-rows.ts';
import { startTorch } from './trainer/trainees.ts';

const BATCHES = [PAPER_BATCH, 128];
/** Lower would not be zero, higher not learned. */
const ZERO_LOSS = 0.02;
const LEARNED_BATCH = 12;
const LEARNED_STEPS = 60;
const resultPath = fileURLToPath(new URL('results/trainer.json', import.meta.url));

export const topic: BenchTopic = {
  summary: 'processor time of a training step beside PyTorch, and one batch driven to zero loss',
  async run(args, progress) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'torch-root': { type: 'string' } },
    });
    const names = positionals.length > 0 ? positionals : [...PAPER_NETWORKS];
    for (const name of names) networkNamed(name);
    const torch = await startTorch(values['torch-root'] ?? null);
    progress(torch === null ? 'no PyTorch here (Debian: python3-torch)' : `beside PyTorch ${torch.version}`);
    const pytorch = torch?.version ?? null;
    const measured: StepRow[] = [];
    try {
      for (const name of names) {
        for (const batch of BATCHES) {
          measured.push(await measureSteps(name, batch, torch));
          progress(`${name}, batch ${batch}: ${JSON.stringify(measured.at(-1))}`);
        }
      }
    } finally {
      torch?.end();
    }
    const learned: Record<string, number> = {};
    for (const name of names) {
      const losses = await overfitOneBatch(networkNamed(name), LEARNED_BATCH, LEARNED_STEPS);
      learned[name] = losses.at(-1)!;
      progress(`${name}: loss of one batch after ${LEARNED_STEPS} steps ${learned[name]}`);
    }
    for (const [name, loss] of Object.entries(learned)) {
      if (!(loss < ZERO_LOSS))
        throw new RhythmdError('E_BENCH_TARGET', `${name} does not learn one batch: ${loss}`);
    }
    // Five networks take longer than one sitting may: those not asked for stay as they were measured.
    const kept = keptFrom(resultPath, thisMachine(), pytorch);
    const steps = inOrder([
      ...(kept?.steps ?? []).filter(({ network }) => !names.includes(network)),
      ...measured,
    ]);
    return {
      tables: [tableOf(steps, pytorch)],
      json: { pytorch, steps, loss_of_one_batch: { ...kept?.loss_of_one_batch, ...learned } },
    };
  },
};

function inOrder(rows: readonly StepRow[]): StepRow[] {
  const place = ({ network }: StepRow): number => PAPER_NETWORKS.indexOf(network);
  return [...rows].sort((a, b) => place(a) - place(b) || a.batch - b.batch);
}

function tableOf(rows: readonly StepRow[], pytorch: string | null): ResultTable {
  return {
    title: 'A training step: forward, loss, backward, Adam; one thread, processor time',
    columns: ['network', 'batch', 'ours, ms', 'PyTorch, ms', 'times as fast', 'must be', 'memory, MB'],
    rows: rows.map((row) => [
      row.network,
      row.batch,
      row.ours_ms.toFixed(0),
      row.pytorch_ms?.toFixed(0) ?? null,
      row.ratio?.toFixed(2) ?? null,
      row.batch === PAPER_BATCH ? leastSpeedRatio(row.network) : null,
      row.peak_rss_mb,
    ]),
    note:
      `Medians of ${ROUNDS_TEXT}, ours and PyTorch ${pytorch ?? '-'} in turns. Memory: the most that a process ` +
      'of ours held which did nothing else; a data set comes on top.',
  };
}
