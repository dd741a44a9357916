/** A report as PDF: its blocks on upright pages of A4, each page numbered, and each saying what this is not. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Drawing, INK, type Line, type Text } from '@rhythmd/ecg/paper/drawing.ts';
import { textWidth } from '@rhythmd/ecg/paper/text-width.ts';
import { A4_PORTRAIT, MARGIN_MM, PdfDocument } from '../paper/pdf.ts';
import type { Block } from './block.ts';
import { type FinishedReport, NOTICE, recordsText } from './finished-report.ts';
import { reportBlocks } from './report-blocks.ts';
import { momentOf } from './report-time.ts';

const WIDTH_MM = A4_PORTRAIT.widthMm - 2 * MARGIN_MM;
const FOOT_MM = 6;
const HEIGHT_MM = A4_PORTRAIT.heightMm - 2 * MARGIN_MM - FOOT_MM;
const GREY = '#555555';
const RULE = '#999999';
const TEXT_MM = 3;
const LINE_MM = 4.1;
const TABLE_MM = 2.6;
const ROW_MM = 3.9;
const LABEL_MM = 38;
const CELL_GAP_MM = 2.5;
const DRAWING_GAP_MM = 2;
const HEADING_MM = 10;
/** What comes after a heading begins with this at least. */
const LEAST_MM = 28;

type Item = Drawing['items'][number];

export async function reportPdf(report: FinishedReport): Promise<Uint8Array> {
  const pages = new Pages(report);
  let heading: Block | null = null;
  for (const block of reportBlocks(report)) {
    if (block.kind === 'heading') {
      heading = block;
      continue;
    }
    // A heading does not stand alone at the foot of a page.
    if (heading !== null)
      pages.keep(block.kind === 'drawing' ? block.drawing.heightMm + HEADING_MM : LEAST_MM);
    if (heading !== null) pages.add(heading);
    heading = null;
    pages.add(block);
    // A strip is milliseconds of drawing, and there are two dozen.
    if (block.kind === 'drawing') await nextTurn();
  }
  return pages.bytes();
}

class Pages {
  readonly #document = new PdfDocument(A4_PORTRAIT);
  readonly #foot: string;
  #items: Item[] = [];
  #y = 0;
  #number = 0;

  constructor({ facts, holter }: FinishedReport) {
    const { records, start_ms, device } = facts;
    const who = device ?? recordsText(records);
    const when =
      start_ms === null ? '' : `, ${momentOf(start_ms, 0)} to ${momentOf(start_ms, holter.duration_s)}`;
    this.#foot = `${who}${when}   ${NOTICE}`;
  }

  /** What comes next, of this height, stays on one page. */
  keep(heightMm: number): void {
    this.#need(heightMm);
  }

  add(block: Block): void {
    switch (block.kind) {
      case 'title':
        this.#line(block.text, 6, 9, { isBold: true });
        break;
      case 'heading':
        this.#heading(block.text);
        break;
      case 'text':
        for (const words of wrapped(block.text, TEXT_MM, WIDTH_MM)) this.#line(words, TEXT_MM, LINE_MM);
        this.#y += 1;
        break;
      case 'facts':
        for (const [label, value] of block.rows) this.#fact(label, value);
        this.#y += 1.5;
        break;
      case 'table':
        this.#table(block.head, block.rows);
        break;
      case 'drawing':
        this.#drawing(block.drawing);
    }
  }

  bytes(): Uint8Array {
    this.#endPage();
    return this.#document.bytes();
  }

  #heading(words: string): void {
    if (this.#y > 0) this.#y += 3;
    this.#line(words, 4, 5.5, { isBold: true });
    this.#rule();
    this.#y += 1.5;
  }

  #fact(label: string, value: string): void {
    const lines = wrapped(value, TEXT_MM, WIDTH_MM - LABEL_MM);
    this.#need(lines.length * LINE_MM);
    this.#put(label, 0, this.#y + TEXT_MM, TEXT_MM, { colour: GREY });
    for (const words of lines) {
      this.#put(words, LABEL_MM, this.#y + TEXT_MM, TEXT_MM);
      this.#y += LINE_MM;
    }
  }

  /** The first column to the left, figures to the right; as wide as what stands in it, smaller where all of it would not fit. */
  #table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const natural = head.map((cell, column) =>
      Math.max(textWidth(cell, TABLE_MM, true), ...rows.map((row) => textWidth(row[column] ?? '', TABLE_MM))),
    );
    const total = natural.reduce((sum, width) => sum + width + CELL_GAP_MM, -CELL_GAP_MM);
    const scale = Math.min(1, WIDTH_MM / total);
    const size = TABLE_MM * scale;
    let edge = 0;
    const edges = natural.map((width) => {
      edge += (width + CELL_GAP_MM) * scale;
      return edge - CELL_GAP_MM * scale;
    });
    const put = (cells: readonly string[], isBold?: true) => {
      for (const [column, cell] of cells.entries()) {
        const x = column === 0 ? 0 : edges[column]!;
        this.#put(cell, x, this.#y + size, size, {
          anchor: column === 0 ? 'start' : 'end',
          ...(isBold ? { isBold } : {}),
        });
      }
      this.#y += ROW_MM;
    };
    const putHead = () => {
      put(head, true);
      this.#rule(edge);
      this.#y += 1;
    };
    this.#need(3 * ROW_MM);
    putHead();
    for (const row of rows) {
      if (this.#y + ROW_MM > HEIGHT_MM) {
        this.#endPage();
        putHead();
      }
      put(row);
    }
    this.#y += 2;
  }

  #drawing({ heightMm, items }: Drawing): void {
    this.#need(heightMm);
    for (const item of items) this.#items.push(moved(item, this.#y));
    this.#y += heightMm + DRAWING_GAP_MM;
  }

  #line(words: string, size: number, height: number, over: Partial<Text> = {}): void {
    this.#need(height);
    this.#put(words, 0, this.#y + size, size, over);
    this.#y += height;
  }

  #rule(width = WIDTH_MM): void {
    this.#items.push({ kind: 'line', points: [0, this.#y, width, this.#y], strokeMm: 0.15, colour: RULE });
  }

  #put(text: string, x: number, y: number, sizeMm: number, over: Partial<Text> = {}): void {
    this.#items.push({ kind: 'text', x, y, sizeMm, colour: INK, anchor: 'start', text, ...over });
  }

  #need(heightMm: number): void {
    if (this.#y > 0 && this.#y + heightMm > HEIGHT_MM) this.#endPage();
  }

  #endPage(): void {
    this.#number++;
    const y = HEIGHT_MM + FOOT_MM - 1;
    this.#put(this.#foot, 0, y, 2.4, { colour: GREY });
    this.#put(`page ${this.#number}`, WIDTH_MM, y, 2.4, { colour: GREY, anchor: 'end' });
    this.#document.add({ widthMm: WIDTH_MM, heightMm: HEIGHT_MM + FOOT_MM, items: this.#items });
    this.#items = [];
    this.#y = 0;
  }
}

function moved(item: Item, down: number): Item {
  if (item.kind !== 'line') return { ...item, y: item.y + down };
  const points: Line['points'] = item.points.map((value, i) => (i % 2 === 1 ? value + down : value));
  return { ...item, points };
}

/** Words in lines of at most so many millimetres. */
function wrapped(text: string, size: number, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
