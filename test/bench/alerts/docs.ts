/** Puts the tables into docs/alerts.md, between its two marks. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describeMachine, thisMachine } from '../machine.ts';
import { formatTable } from '../table.ts';
import type { ResultTable } from '../topic.ts';

const DOCUMENT = new URL('../../../docs/alerts.md', import.meta.url);
/** Where tables stand in the document: between the two. */
type Marks = readonly [begin: string, end: string];
const ALL_MARKS: Marks = ['<!-- tables: npm run bench -- alerts --docs -->', '<!-- end of tables -->'];
export const DANGER_MARKS: Marks = [
  '<!-- tables: npm run bench -- alerts danger --docs -->',
  '<!-- end of tables of danger -->',
];
export const CURVE_MARKS: Marks = [
  '<!-- tables: npm run bench -- alerts curves --docs -->',
  '<!-- end of tables of curves -->',
];
const RESULTS = new URL('../results/alerts.json', import.meta.url);

/** What an earlier run kept: a part that is measured alone does not take the rest away. */
export function keptResults(): Record<string, unknown> {
  return existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
}

export function writeTables(
  tables: readonly ResultTable[],
  model: string,
  [begin, end]: Marks = ALL_MARKS,
): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  const parts = [`Model: ${model}. Measured on: ${describeMachine(thisMachine())}.`];
  for (const { title, ...table } of tables)
    parts.push(`### ${title}`, formatTable({ title: '', ...table }).trim());
  writeFileSync(DOCUMENT, `${text.slice(0, from)}\n${parts.join('\n\n')}\n${text.slice(to)}`);
}
