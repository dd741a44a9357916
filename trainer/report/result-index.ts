/** The published rows, found by what they are. */

import { PROTOCOLS, type Protocol } from '../data/splits.ts';
import { commandFor } from '../evaluate/commands.ts';
import { METHODS, type Method, type ResultRow } from '../evaluate/result-row.ts';
import { NETWORK_NAMES } from '../presets/catalog.ts';

export class ResultIndex {
  /** A row for each recipe: of the first split, or of another one where it was drawn there alone. In the order of what they are. */
  readonly rows: readonly ResultRow[];

  readonly #firsts: ReadonlySet<ResultRow>;
  /** The same recipes drawn again; recipes that were only ever drawn on another split. */
  readonly #seeds: readonly ResultRow[];

  constructor(firsts: readonly ResultRow[], seeds: readonly ResultRow[] = []) {
    const bySeed = [...seeds].sort((a, b) => a.seed - b.seed);
    const elsewhere = bySeed.filter(
      (row, i) =>
        !firsts.some((first) => isSameRecipe(first, row)) &&
        bySeed.findIndex((other) => isSameRecipe(other, row)) === i,
    );
    this.rows = [...firsts, ...elsewhere].sort(byWhatTheyAre);
    this.#firsts = new Set(firsts);
    this.#seeds = seeds;
  }

  /** Of every split. */
  get everyDraw(): readonly ResultRow[] {
    return [...this.#firsts, ...this.#seeds];
  }

  /** Every draw of the row's recipe by its seed, the first split's at the head where there is one. */
  draws(row: ResultRow): ResultRow[] {
    return this.everyDraw.filter((one) => isSameRecipe(one, row)).sort((x, y) => x.seed - y.seed);
  }

  /** Recipes drawn on other splits: the draws of each, the first split's at the head where there is one. */
  drawnAgain(): ResultRow[][] {
    return this.rows
      .map((row) => this.draws(row))
      .filter((draws) => draws.some((row) => !this.isOfFirstSplit(row)));
  }

  isOfFirstSplit(row: ResultRow): boolean {
    return this.#firsts.has(row);
  }

  /** Points of a curve are not found here. */
  find(network: string, protocol: Protocol, method: Method): ResultRow | null {
    return (
      this.rows.find(
        (row) =>
          row.network === network &&
          row.protocol === protocol &&
          row.method === method &&
          row.variant === undefined,
      ) ?? null
    );
  }
}

function byWhatTheyAre(a: ResultRow, b: ResultRow): number {
  return (
    NETWORK_NAMES.indexOf(a.network) - NETWORK_NAMES.indexOf(b.network) ||
    PROTOCOLS.indexOf(a.protocol) - PROTOCOLS.indexOf(b.protocol) ||
    METHODS.indexOf(a.method) - METHODS.indexOf(b.method) ||
    a.archiveBytes - b.archiveBytes
  );
}

function isSameRecipe(one: ResultRow, other: ResultRow): boolean {
  return (
    one.network === other.network &&
    one.protocol === other.protocol &&
    one.method === other.method &&
    one.variant === other.variant
  );
}

/** The command that a row names, or else the one that such rows are made by. */
export function commandOfRow(row: ResultRow): string {
  return row.command ?? commandFor(row.network, row.protocol, row.method);
}
