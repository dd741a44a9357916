/** Puts the tables into docs/alerts.md, between its two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeMachine, thisMachine } from '../machine.ts';
import { formatTable } from '../table.ts';
import type { ResultTable } from '../topic.ts';

const DOCUMENT = new URL('../../../docs/alerts.md', import.meta.url);
const BEGIN = '<!-- tables: npm run bench -- alerts --docs -->';
const END = '<!-- end of tables -->';

export function writeTables(tables: readonly ResultTable[], model: string): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const from = text.indexOf(BEGIN) + BEGIN.length;
  const to = text.indexOf(END);
  const parts = [`Model: ${model}. Measured on: ${describeMachine(thisMachine())}.`];
  for (const { title, ...table } of tables)
    parts.push(`### ${title}`, formatTable({ title: '', ...table }).trim());
  writeFileSync(DOCUMENT, `${text.slice(0, from)}\n${parts.join('\n\n')}\n${text.slice(to)}`);
}
