/** The published rows, found by what they are. */

import type { Protocol } from '../data/splits.ts';
import { commandFor } from '../evaluate/commands.ts';
import type { Method, ResultRow } from '../evaluate/result-row.ts';

export class ResultIndex {
  /** In the order they were given. */
  readonly rows: readonly ResultRow[];

  constructor(rows: readonly ResultRow[]) {
    this.rows = rows;
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
