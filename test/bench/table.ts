/** Tables as Markdown with aligned columns: readable in a terminal, pasted into README as they are. */
import type { ResultTable } from './topic.ts';

const shown = (cell: string | number | null): string => (cell === null ? '-' : String(cell));

export function formatTable({ title, columns, rows, note }: ResultTable): string {
  const cells = [columns, ...rows].map((row) => row.map(shown));
  const widths = columns.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const [head = [], ...body] = cells;
  const parts = [title, '', line(head), rule, ...body.map(line)];
  return [...parts, ...(note === undefined ? [] : ['', note])].join('\n');
}
