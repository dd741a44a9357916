/** The published rows, found by what they are. */

import type { Protocol } from '../data/splits.ts';
import { commandFor } from '../evaluate/commands.ts';
import type { Method, ResultRow } from '../evaluate/result-row.ts';

export class ResultIndex {
  /** In the order they were given. */
  readonly rows: readonly ResultRow[];

  /** The same recipes drawn again; recipes that were only ever drawn on another split. */
  readonly #seeds: readonly ResultRow[];

  constructor(rows: readonly ResultRow[], seeds: readonly ResultRow[] = []) {
    this.rows = rows;
    this.#seeds = seeds;
  }

  /** Of every split. */
  get everyDraw(): readonly ResultRow[] {
    return [...this.rows, ...this.#seeds];
  }

  /** The row itself, then those of other seeds in their order. */
  draws(row: ResultRow): ResultRow[] {
    return [row, ...this.#seeds.filter((one) => isSameRecipe(one, row)).sort((a, b) => a.seed - b.seed)];
  }

  /** Recipes drawn on other splits: the draws of each, the first split's at the head where there is one. */
  drawnAgain(): ResultRow[][] {
    const again = this.rows.map((row) => this.draws(row)).filter(({ length }) => length > 1);
    const elsewhere = this.#seeds.filter((one) => !this.rows.some((row) => isSameRecipe(one, row)));
    const firsts = elsewhere.filter(
      (one, i) => elsewhere.findIndex((other) => isSameRecipe(one, other)) === i,
    );
    return [
      ...again,
      ...firsts.map((first) =>
        elsewhere.filter((one) => isSameRecipe(one, first)).sort((a, b) => a.seed - b.seed),
      ),
    ];
  }

  isOfFirstSplit(row: ResultRow): boolean {
    return this.rows.includes(row);
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
