/** A training step beside PyTorch. */
import { leastSpeedRatio, PAPER_BATCH } from '../../evaluate/targets.ts';
import type { ReportContext } from '../context.ts';
import { type Block, type Column, cell, paragraph, type Section } from '../document.ts';
import { networkTitle } from '../figures.ts';
import { SPEED_COMMAND } from '../speed.ts';

const COLUMNS: readonly Column[] = [
  { title: 'network', align: 'left' },
  { title: 'batch', align: 'right' },
  { title: 'ours, ms', align: 'right' },
  { title: 'PyTorch, ms', align: 'right' },
  { title: 'times as fast', align: 'right' },
  { title: 'must be', align: 'right' },
  { title: 'memory, MB', align: 'right' },
];

export function trainingSpeed({ speed, commands }: ReportContext): Section {
  const made = { commands: [commands.cite(SPEED_COMMAND)] };
  const blocks: Block[] =
    speed === null
      ? [paragraph('Not measured. Made by ', made, '.')]
      : [
          {
            kind: 'table',
            caption: `A training step: forward, loss, backward, Adam; beside PyTorch ${speed.pytorch ?? '(not installed)'}`,
            columns: COLUMNS,
            rows: speed.steps.map(({ network, batch, ours_ms, pytorch_ms, ratio, peak_rss_mb }) => [
              cell(networkTitle(network)),
              cell(String(batch)),
              cell(ours_ms.toFixed(0)),
              pytorch_ms === null ? null : cell(pytorch_ms.toFixed(0)),
              ratio === null ? null : cell(ratio.toFixed(2)),
              batch === PAPER_BATCH ? cell(String(leastSpeedRatio(network))) : null,
              cell(peak_rss_mb.toFixed(0)),
            ]),
          },
          paragraph(
            `Processor time, one thread, ours and theirs in turns, on ${speed.machine?.cpu ?? 'a machine that is not known'}; on another processor PyTorch may stand elsewhere (docs/training.md). Made by `,
            made,
            '.',
          ),
        ];
  return { id: 'training-speed', title: 'Speed of training', blocks };
}
