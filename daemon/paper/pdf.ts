/**
 * Drawings as PDF, one a page, true to scale: a millimetre of the drawing is a millimetre of paper. Only what they
 * need: lines, text in Helvetica, one compressed content stream a page (ISO 32000-1).
 */
import { deflateSync } from 'node:zlib';
import {
  type Drawing,
  FINE_LINE,
  type Grid,
  type Line,
  PAPER_COLOUR,
  STRONG_LINE,
  type Text,
} from '@rhythmd/ecg/paper/drawing.ts';
import { textWidth } from '@rhythmd/ecg/paper/text-width.ts';

export interface PaperSize {
  readonly widthMm: number;
  readonly heightMm: number;
}

export const A4_LANDSCAPE: PaperSize = { widthMm: 297, heightMm: 210 };
export const A4_PORTRAIT: PaperSize = { widthMm: 210, heightMm: 297 };
export const MARGIN_MM = 10;
const POINTS_PER_MM = 72 / 25.4;

export function toPdf(pages: Iterable<Drawing>, paper: PaperSize = A4_LANDSCAPE): Uint8Array {
  const document = new PdfDocument(paper);
  for (const drawing of pages) document.add(drawing);
  return document.bytes();
}

/** A document that grows page by page: a page takes tens of milliseconds, and other things want their turn between. */
export class PdfDocument {
  readonly #paper: PaperSize;
  readonly #objects: Buffer[] = [];
  #pages = 0;

  constructor(paper: PaperSize = A4_LANDSCAPE) {
    this.#paper = paper;
  }

  add(drawing: Drawing): void {
    const { widthMm, heightMm } = this.#paper;
    const box = `[0 0 ${points(widthMm)} ${points(heightMm)}]`;
    const content = deflateSync(Buffer.from(contentOf(drawing, this.#paper), 'latin1'));
    this.#objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox ${box} /Contents ${pageNumber(this.#pages) + 1} 0 R ` +
          '/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>',
      ),
      Buffer.concat([
        Buffer.from(`<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n`),
        content,
        Buffer.from('\nendstream'),
      ]),
    );
    this.#pages++;
  }

  bytes(): Uint8Array {
    const kids = Array.from({ length: this.#pages }, (_, index) => `${pageNumber(index)} 0 R`).join(' ');
    return assemble([
      Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
      Buffer.from(`<< /Type /Pages /Count ${this.#pages} /Kids [${kids}] >>`),
      ...['Helvetica', 'Helvetica-Bold'].map((name) =>
        Buffer.from(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`),
      ),
      ...this.#objects,
    ]);
  }
}

/** Each page is two objects, after the catalogue, the list of pages and the two fonts. */
function pageNumber(index: number): number {
  return 5 + 2 * index;
}

function assemble(objects: readonly Buffer[]): Uint8Array {
  // The comment of high bytes says that the file is binary.
  const parts = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  let length = parts[0]!.length;
  const offsets: number[] = [];
  for (const [index, body] of objects.entries()) {
    offsets.push(length);
    const object = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    parts.push(object);
    length += object.length;
  }
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}` +
        `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** In millimetres from here on; PDF counts upwards. */
function contentOf(drawing: Drawing, paper: PaperSize): string {
  const scale = number(POINTS_PER_MM);
  const yOf = (y: number) => number(paper.heightMm - MARGIN_MM - y);
  const xOf = (x: number) => number(x + MARGIN_MM);
  const parts = drawing.items.map((item) => {
    if (item.kind === 'grid') return gridOperators(item, xOf, yOf);
    return item.kind === 'line' ? lineOperators(item, xOf, yOf) : textOperators(item, xOf, yOf);
  });
  return `${scale} 0 0 ${scale} 0 0 cm 1 j\n${parts.join('\n')}\n`;
}

type Place = (millimetres: number) => string;

function gridOperators({ x, y, width, height }: Grid, xOf: Place, yOf: Place): string {
  const parts = [
    `${colour(PAPER_COLOUR)} rg ${xOf(x)} ${yOf(y + height)} ${number(width)} ${number(height)} re f`,
  ];
  for (const { everyMm, strokeMm, colour: stroke } of [FINE_LINE, STRONG_LINE]) {
    parts.push(`${colour(stroke)} RG ${number(strokeMm)} w`);
    for (let at = 0; at <= width; at += everyMm) {
      parts.push(`${xOf(x + at)} ${yOf(y)} m ${xOf(x + at)} ${yOf(y + height)} l`);
    }
    for (let at = 0; at <= height; at += everyMm) {
      parts.push(`${xOf(x)} ${yOf(y + at)} m ${xOf(x + width)} ${yOf(y + at)} l`);
    }
    parts.push('S');
  }
  return parts.join('\n');
}

function lineOperators({ points: values, strokeMm, colour: stroke }: Line, xOf: Place, yOf: Place): string {
  const parts = [`${colour(stroke)} RG ${number(strokeMm)} w`];
  for (let i = 0; i < values.length; i += 2) {
    parts.push(`${xOf(values[i]!)} ${yOf(values[i + 1]!)} ${i === 0 ? 'm' : 'l'}`);
  }
  return `${parts.join('\n')} S`;
}

function textOperators(
  {
    x,
    y,
    sizeMm,
    colour: fill,
    anchor,
    isBold = false,
    text,
  }: Omit<Text, 'isBold'> & { readonly isBold?: boolean },
  xOf: Place,
  yOf: Place,
): string {
  const width = anchor === 'start' ? 0 : textWidth(text, sizeMm, isBold);
  const left = anchor === 'middle' ? x - width / 2 : x - width;
  const safe = text.replace(/[^\x20-\xff]/g, '?').replace(/[\\()]/g, (character) => `\\${character}`);
  const font = isBold ? 'F2' : 'F1';
  return `BT ${colour(fill)} rg /${font} ${number(sizeMm)} Tf ${xOf(left)} ${yOf(y)} Td (${safe}) Tj ET`;
}

function colour(hex: string): string {
  return [1, 3, 5].map((at) => number(Number.parseInt(hex.slice(at, at + 2), 16) / 255)).join(' ');
}

function points(millimetres: number): string {
  return number(millimetres * POINTS_PER_MM);
}

function number(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
