/** The published rows, found by what they are. */

import type { Protocol } from '../data/splits.ts';
import { commandFor } from '../evaluate/commands.ts';
import type { Method, ResultRow } from '../evaluate/result-row.ts';

export class ResultIndex {
  /** In the order they were given. */
  readonly rows: readonly ResultRow[];

  /** The same recipes drawn again. */
  readonly #seeds: readonly ResultRow[];

  constructor(rows: readonly ResultRow[], seeds: readonly ResultRow[] = []) {
    this.rows = rows;
    this.#seeds = seeds;
  }

  /** The row itself, then those of other seeds in their order. */
  draws(row: ResultRow): ResultRow[] {
    const isSame = ({ network, protocol, method, variant }: ResultRow): boolean =>
      network === row.network &&
      protocol === row.protocol &&
      method === row.method &&
      variant === row.variant;
    return [row, ...this.#seeds.filter(isSame).sort((a, b) => a.seed - b.seed)];
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

/** The command that a row names, or else the one that such rows are made by. */
export function commandOfRow(row: ResultRow): string {
  return row.command ?? commandFor(row.network, row.protocol, row.method);
}
