/** The whole report from the published rows. The same rows give the same report. */

import type { NewPatients } from '../evaluate/new-patients.ts';
import type { Opening } from '../evaluate/openings.ts';
import type { ResultRow } from '../evaluate/result-row.ts';
import { CommandList } from './commands.ts';
import type { ReportContext } from './context.ts';
import type { DeviceCount } from './device-counts.ts';
import { type Document, paragraph, type Section } from './document.ts';
import { ResultIndex } from './result-index.ts';
import { agreementAndTime } from './sections/agreement-and-time.ts';
import { answers } from './sections/answers/answers.ts';
import { confusion } from './sections/confusion.ts';
import { cost } from './sections/cost.ts';
import { layerChoices } from './sections/layer-choices.ts';
import { learning } from './sections/learning.ts';
import { mobilenetCurve } from './sections/mobilenet-curve.ts';
import { newPatients } from './sections/new-patients.ts';
import { provenance } from './sections/provenance.ts';
import { resultTables } from './sections/result-tables.ts';
import { otherSeeds } from './sections/seeds.ts';
import { sizePlots } from './sections/size-plot.ts';
import { targets } from './sections/targets.ts';
import { trainingSpeed } from './sections/training-speed.ts';
import type { SpeedResult } from './speed.ts';

/** What stands beside the rows. */
export interface Beside {
  /** The same recipes under other seeds. */
  readonly seeds?: readonly ResultRow[];
  readonly openings?: readonly Opening[];
  readonly device?: ReadonlyMap<string, DeviceCount>;
  /** Of patients never seen, by networks that are not shipped. */
  readonly others?: readonly NewPatients[];
}

/** @param measured figures of patients never seen; null: not measured */
export function reportDocument(
  rows: readonly ResultRow[],
  speed: SpeedResult | null,
  measured: NewPatients | null = null,
  { seeds = [], openings = [], device = new Map(), others = [] }: Beside = {},
): Document {
  const context: ReportContext = {
    results: new ResultIndex(rows, seeds),
    commands: new CommandList(),
    speed,
    seeds,
    openings,
    device,
  };
  const sections: Section[] = [
    answers(context, { shipped: measured, others }),
    sizePlots(context),
    mobilenetCurve(context),
    cost(context),
    otherSeeds(context),
    newPatients(context, measured, others),
    targets(context),
    ...resultTables(context),
    layerChoices(context),
    agreementAndTime(context),
    learning(context),
    confusion(context),
    trainingSpeed(context),
    provenance(context),
  ];
  return {
    title: 'Compressed networks for heartbeats: results beside the paper',
    lead: [
      paragraph(
        'Five networks for photographs and one of our own, trained on the MIT-BIH Arrhythmia Database to name a heartbeat as one of six classes (normal, ventricular, fusion, paced, fusion of paced and normal, any other), then compressed until they fit ' +
          'a Raspberry Pi Zero. The paper is L. Birton, "Compressed Convolutional Neural Networks for the Classification of Electrocardiogram Signals on ' +
          'Embedded Devices" (Twente Student Conference on IT); its figures stand as it prints them.',
      ),
    ],
    sections: [
      ...sections,
      {
        id: 'commands',
        title: 'Commands',
        blocks: [
          paragraph(
            'Each makes its figures again from the records; a compression needs its network trained before, and the method that it starts from.',
          ),
          { kind: 'commands', items: context.commands.all },
        ],
      },
    ],
  };
}
