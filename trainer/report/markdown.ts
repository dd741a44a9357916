/** The report as Markdown: what the page shows, its plots as tables of their points. */
import type { Block, Cell, Column, Document, Inline, Table, Text } from './document.ts';
import { escapeMarkdown } from './markup.ts';
import { pointsTable } from './points-table.ts';

const IN_MARKDOWN = 'Drawn in the HTML report.';

export function toMarkdown({ title, lead, sections }: Document): string {
  const parts = [
    `# ${escapeMarkdown(title)}`,
    ...lead.map(blockMarkdown),
    ...sections.flatMap((section) => [
      `## ${escapeMarkdown(section.title)}`,
      ...section.blocks.map(blockMarkdown),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return textMarkdown(block.text);
    case 'list':
      return block.items.map((item) => `- ${textMarkdown(item)}`).join('\n');
    case 'commands':
      return block.items.map((command, i) => `${i + 1}. ${codeMarkdown(command)}`).join('\n');
    case 'table':
      return tableMarkdown(block);
    case 'plot': {
      const { title, description } = block.plot;
      const caption = [`**${escapeMarkdown(title)}.**`, escapeMarkdown(description), IN_MARKDOWN]
        .filter((part) => part !== '')
        .join(' ');
      return `${caption}\n\n<details><summary>The points as a table</summary>\n\n${gridMarkdown(pointsTable(block.plot))}\n\n</details>`;
    }
    case 'row':
      return block.blocks.map(blockMarkdown).join('\n\n');
    case 'fold':
      return `<details><summary>${escapeMarkdown(block.summary)}</summary>\n\n${block.blocks.map(blockMarkdown).join('\n\n')}\n\n</details>`;
  }
}

function textMarkdown(text: Text): string {
  return text.map(inlineMarkdown).join('');
}

function inlineMarkdown(inline: Inline): string {
  if (typeof inline === 'string') return escapeMarkdown(inline);
  if ('strong' in inline) return `**${escapeMarkdown(inline.strong)}**`;
  if ('code' in inline) return codeMarkdown(inline.code);
  return inline.commands.join(', ');
}

/** Between more backticks than it holds. */
function codeMarkdown(code: string): string {
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${code}${fence}` : `${fence} ${code} ${fence}`;
}

function tableMarkdown(table: Table): string {
  return `**${escapeMarkdown(table.caption)}**\n\n${gridMarkdown(table)}`;
}

/** Markdown has one row of headings: a group's name goes before each of its columns. */
function gridMarkdown({ columns, rows }: Table): string {
  const title = ({ group, title: name }: Column): string =>
    escapeMarkdown(group === undefined ? name : `${group}: ${name}`);
  const cell = (value: Cell | null): string => (value === null ? '-' : textMarkdown(value.text));
  return [
    `| ${columns.map(title).join(' | ')} |`,
    `|${columns.map(({ align }) => (align === 'right' ? '--:' : '---')).join('|')}|`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');
}
