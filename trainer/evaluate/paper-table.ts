/** The paper's Tables 3 to 6, to print beside ours: accuracy, precision, recall, size in MB. */
import { PRESETS, presetOf } from '../presets/catalog.ts';

export interface PaperFigures {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly megabytes: number;
}

/** In the order of the paper's tables. */
export const PAPER_NETWORKS: readonly string[] = PRESETS.filter(({ paper }) => paper !== undefined).map(
  ({ name }) => name,
);

/** null where the paper has no such row (all of its rows are of its own protocol). */
export function paperFigures(network: string, method: string, protocol: string): PaperFigures | null {
  const row = protocol === 'paper' ? presetOf(network)?.paper?.figures[method] : undefined;
  if (row === undefined) return null;
  const [accuracy, precision, recall, megabytes] = row;
  return { accuracy, precision, recall, megabytes };
}
