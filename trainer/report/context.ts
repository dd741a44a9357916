/** What every section is written from. */
import type { Opening } from '../evaluate/openings.ts';
import type { ResultRow } from '../evaluate/result-row.ts';
import type { CommandList } from './commands.ts';
import type { DeviceCount } from './device-counts.ts';
import type { ResultIndex } from './result-index.ts';
import type { SpeedResult } from './speed.ts';

export interface ReportContext {
  readonly results: ResultIndex;
  readonly commands: CommandList;
  /** null: never measured here. */
  readonly speed: SpeedResult | null;
  /** Rows of other seeds. */
  readonly seeds: readonly ResultRow[];
  readonly openings: readonly Opening[];
  /** By network; empty: never counted. */
  readonly device: ReadonlyMap<string, DeviceCount>;
}

/** Why two protocols stand beside each other, wherever both are shown. */
export const WHY_BOTH =
  "New patients (patient-separated: de Chazal's DS1 to train, DS2 to test) stand beside the paper's protocol because that one draws its test beats " +
  'at random from patients it has trained on, which flatters every model. A dash: not measured, as for the three large ones. Always N: what calling every beat normal reads there. ' +
  'Records 201 (DS1) and 202 (DS2) are of one man: the figure without 202 stands where it was measured. Without a range a figure is of one training, and ranks nothing.';
