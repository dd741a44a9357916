/** The report as a tree. HTML and Markdown are two renderings of the same one, so both always say the same. */
import type { Plot } from './plot.ts';

export type Inline =
  | string
  | { readonly strong: string }
  | { readonly code: string }
  /** Commands by their numbers in the list at the end. */
  | { readonly commands: readonly number[] };
export type Text = readonly Inline[];

/** Said in words or signs too: colour only helps to find it. */
export type Tone = 'met' | 'missed' | 'quiet';

export interface Cell {
  readonly text: Text;
  readonly tone?: Tone;
  /** 0 to 1, how deep the background is; errors have another colour. */
  readonly shade?: { readonly depth: number; readonly isError: boolean };
}

export interface Column {
  readonly title: string;
  /** Columns of one group stand beside each other under its name. */
  readonly group?: string;
  readonly align: 'left' | 'right';
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly Column[];
  /** As many cells as columns; the first names the row. null: not known. */
  readonly rows: readonly (readonly (Cell | null)[])[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  /** Items are numbered from 1 and can be pointed at by `{ commands }`. */
  | { readonly kind: 'commands'; readonly items: readonly string[] }
  | Table
  | { readonly kind: 'plot'; readonly plot: Plot }
  /** Side by side where there is room. */
  | { readonly kind: 'row'; readonly blocks: readonly Block[] }
  /** Opened by the reader. */
  | { readonly kind: 'fold'; readonly summary: string; readonly blocks: readonly Block[] };

export interface Section {
  /** Lower case and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Document {
  readonly title: string;
  readonly lead: readonly Block[];
  readonly sections: readonly Section[];
}

export function paragraph(...text: Inline[]): Block {
  return { kind: 'paragraph', text };
}

export function cell(text: string, tone?: Tone): Cell {
  return tone === undefined ? { text: [text] } : { text: [text], tone };
}
