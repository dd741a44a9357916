/** The report as one HTML page that asks for nothing else: no script, no font, no picture from elsewhere. */
import type { Block, Cell, Column, Document, Inline, Section, Table, Text } from './document.ts';
import { escapeMarkup } from './markup.ts';
import type { Plot } from './plot.ts';
import { pointsTable } from './points-table.ts';
import { STYLE } from './style.ts';
import { legendSvg, plotSvg } from './svg.ts';

/** Whatever gets into the text, the browser runs and fetches nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export function toHtml({ title, lead, sections }: Document): string {
  const commands = commandsIn(sections);
  const blocks = (list: readonly Block[]): string =>
    list.map((block) => blockHtml(block, commands)).join('\n');
  const sectionHtml = (section: Section): string =>
    `<section id="${section.id}"><h2>${escapeMarkup(section.title)}</h2>\n${blocks(section.blocks)}\n</section>`;
  // Who opens it reads answers; where the rest is comes after them.
  const [first, ...rest] = sections;
  const body = [
    `<header><h1>${escapeMarkup(title)}</h1>`,
    blocks(lead),
    '</header>',
    '<main>',
    ...(first === undefined ? [] : [sectionHtml(first)]),
    `<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => `<li><a href="#${id}">${escapeMarkup(name)}</a></li>`).join('')}</ul></nav>`,
    ...rest.map(sectionHtml),
    '</main>',
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    ...body,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

type Commands = readonly string[];

function commandsIn(sections: readonly Section[]): Commands {
  for (const { blocks } of sections) {
    for (const block of blocks) if (block.kind === 'commands') return block.items;
  }
  return [];
}

function blockHtml(block: Block, commands: Commands): string {
  const inside = (blocks: readonly Block[]): string =>
    blocks.map((inner) => blockHtml(inner, commands)).join('\n');
  switch (block.kind) {
    case 'paragraph':
      return `<p>${textHtml(block.text, commands)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${textHtml(item, commands)}</li>`).join('\n')}</ul>`;
    case 'commands':
      return `<ol class="commands">${block.items
        .map((command, i) => `<li id="command-${i + 1}"><code>${escapeMarkup(command)}</code></li>`)
        .join('\n')}</ol>`;
    case 'table':
      return tableHtml(block, commands);
    case 'plot':
      return plotHtml(block.plot, commands);
    case 'row':
      return `<div class="row">${inside(block.blocks)}</div>`;
    case 'fold':
      return `<details><summary>${escapeMarkup(block.summary)}</summary>\n${inside(block.blocks)}\n</details>`;
  }
}

function textHtml(text: Text, commands: Commands): string {
  return text.map((inline) => inlineHtml(inline, commands)).join('');
}

function inlineHtml(inline: Inline, commands: Commands): string {
  if (typeof inline === 'string') return escapeMarkup(inline);
  if ('strong' in inline) return `<strong>${escapeMarkup(inline.strong)}</strong>`;
  if ('code' in inline) return `<code>${escapeMarkup(inline.code)}</code>`;
  return inline.commands
    .map(
      (number) =>
        `<a href="#command-${number}" title="${escapeMarkup(commands[number - 1] ?? '')}">${number}</a>`,
    )
    .join(', ');
}

function tableHtml({ caption, columns, rows }: Table, commands: Commands): string {
  const body = rows.map(
    (row) => `<tr>${row.map((cell, i) => cellHtml(cell, columns, i, commands)).join('')}</tr>`,
  );
  return [
    '<figure class="table">',
    `<figcaption>${escapeMarkup(caption)}</figcaption>`,
    // Focusable, so that it scrolls by keyboard.
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(caption)}"><table>`,
    `<thead>${headHtml(columns)}</thead>`,
    `<tbody>\n${body.join('\n')}\n</tbody>`,
    '</table></div></figure>',
  ].join('\n');
}

/** Groups in a row above, the columns below. */
function headHtml(columns: readonly Column[]): string {
  const titles = columns
    .map((column, i) => `<th scope="col" class="${classOf(columns, i)}">${escapeMarkup(column.title)}</th>`)
    .join('');
  if (columns.every(({ group }) => group === undefined)) return `<tr>${titles}</tr>`;
  const groups: { name: string; span: number }[] = [];
  for (const { group } of columns) {
    const last = groups.at(-1);
    if (last !== undefined && last.name === (group ?? '')) last.span++;
    else groups.push({ name: group ?? '', span: 1 });
  }
  const cells = groups.map(({ name, span }) =>
    name === ''
      ? `<td colspan="${span}"></td>`
      : `<th scope="colgroup" colspan="${span}" class="group">${escapeMarkup(name)}</th>`,
  );
  return `<tr>${cells.join('')}</tr><tr>${titles}</tr>`;
}

function cellHtml(cell: Cell | null, columns: readonly Column[], i: number, commands: Commands): string {
  const text = cell === null ? '-' : textHtml(cell.text, commands);
  const tone = cell === null ? 'quiet' : (cell.tone ?? '');
  const classes = [classOf(columns, i), tone].filter((name) => name !== '').join(' ');
  const shade = cell?.shade;
  const style =
    shade === undefined
      ? ''
      : ` style="--depth:${Math.round(100 * shade.depth)}%;--shade:var(--${shade.isError ? 'missed' : 'met'})"`;
  const kind = shade === undefined ? classes : `${classes} shaded`;
  return i === 0
    ? `<th scope="row" class="${kind}"${style}>${text}</th>`
    : `<td class="${kind}"${style}>${text}</td>`;
}

function classOf(columns: readonly Column[], i: number): string {
  const { align, group } = columns[i]!;
  const startsGroup = i > 0 && columns[i - 1]!.group !== group;
  return startsGroup ? `${align} starts` : align;
}

function plotHtml(plot: Plot, commands: Commands): string {
  const legend = plot.legend.map((entry) => `<li>${legendSvg(entry)}${escapeMarkup(entry.text)}</li>`);
  return [
    `<figure class="drawing ${plot.size}">`,
    `<figcaption>${`<strong>${escapeMarkup(plot.title)}.</strong> ${escapeMarkup(plot.description)}`.trim()}</figcaption>`,
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(plot.title)}">${plotSvg(plot)}</div>`,
    ...(legend.length === 0 ? [] : [`<ul class="legend">${legend.join('')}</ul>`]),
    `<details><summary>The points as a table</summary>\n${tableHtml(pointsTable(plot), commands)}\n</details>`,
    '</figure>',
  ].join('\n');
}
