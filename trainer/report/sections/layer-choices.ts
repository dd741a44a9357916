/** What was decided for each layer, and what its decision was measured to cost alone. */
import type { ResultRow } from '../../evaluate/result-row.ts';
import type { ReportContext } from '../context.ts';
import { type Block, type Column, cell, paragraph, type Section } from '../document.ts';
import { count, methodTitle, networkTitle, percentOf } from '../figures.ts';
import { commandOfRow } from '../result-index.ts';

interface Choice {
  readonly sparsity: number;
  readonly bits: number;
  readonly clusters: number | null;
  readonly lossMore: number;
  readonly bytes: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'weights of layer', align: 'left' },
  { title: 'bits', align: 'right' },
  { title: 'shared levels', align: 'right' },
  { title: 'zero', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'answers moved', align: 'right' },
];
const LOSS_DECIMALS = 5;

export function layerChoices({ results, commands }: ReportContext): Section {
  const folds = results.rows.flatMap((row): Block[] => {
    if (row.method !== 'per-layer') return [];
    const choices = choicesOf(row);
    if (choices.length === 0) return [];
    const made = paragraph('Made by ', { commands: [commands.cite(commandOfRow(row))] }, '.');
    return [{ kind: 'fold', summary: titleOf(row, choices.length), blocks: [tableOf(row, choices), made] }];
  });
  const about =
    'Every layer was coarsened alone, to several sparsities and numbers of bits or shared levels, and how far the answers to validation beats moved was measured (Kullback-Leibler divergence, nats); of all ways to fit the ' +
    'size the one was taken that moves them least by these measurements. Bytes: what the weights of the layer take by their entropy. Predictions moved: by this layer alone.';
  return {
    id: 'layers',
    title: 'Decided layer by layer',
    blocks: folds.length === 0 ? [paragraph('Not measured.')] : [paragraph(about), ...folds],
  };
}

function titleOf(row: ResultRow, layers: number): string {
  return `${networkTitle(row.network)}, ${methodTitle(row)}, ${row.protocol}: ${layers} layers`;
}

function tableOf(row: ResultRow, choices: readonly (readonly [string, Choice])[]): Block {
  return {
    kind: 'table',
    caption: titleOf(row, choices.length),
    columns: COLUMNS,
    rows: choices.map(([name, { bits, clusters, sparsity, bytes, lossMore }]) => [
      cell(name.replace(/\.weight$/, '')),
      cell(String(bits)),
      clusters === null ? null : cell(String(clusters)),
      cell(percentOf(sparsity, 0)),
      cell(count(bytes)),
      cell(lossMore.toFixed(LOSS_DECIMALS)),
    ]),
  };
}

/** What a method says of itself is its own: whatever is not of this shape is not shown. */
function choicesOf({ details }: ResultRow): [string, Choice][] {
  const { choices } = details;
  if (typeof choices !== 'object' || choices === null) return [];
  return Object.entries(choices).filter((entry): entry is [string, Choice] => isChoice(entry[1]));
}

function isChoice(value: unknown): value is Choice {
  const choice = value as Partial<Choice> | null;
  return (
    typeof choice === 'object' &&
    choice !== null &&
    [choice.sparsity, choice.bits, choice.lossMore, choice.bytes].every(Number.isFinite) &&
    (choice.clusters === null || Number.isFinite(choice.clusters))
  );
}
