/** `card.json` of the rhythm network: how its input is made, what was measured of it, how to make it again. */
import { createHash } from 'node:crypto';
import { medianOf } from '@rhythmd/ecg/median.ts';
import {
  RHYTHM_CLASSES,
  RHYTHM_RATE_HZ,
  RHYTHM_STEP_SECONDS,
  RHYTHM_WINDOW_SAMPLES,
  RHYTHM_WINDOW_SECONDS,
} from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RHYTHM_IMAGE_ROWS } from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import { archive } from '../export/archive.ts';
import { countParameters } from '../nets/parameters.ts';
import { rhythmnet } from '../nets/rhythmnet.ts';
import { gitRevision } from '../revision.ts';
import type { FoldResult } from './fold-result.ts';
import type { IntegerRhythmnet } from './integer-rhythmnet.ts';
import { RHYTHM_DATABASES } from './reference.ts';
import type { RhythmRecipe } from './rhythm-recipe.ts';
import type { RhythmRecord } from './rhythm-record.ts';

export interface RhythmCardInput {
  readonly recipe: RhythmRecipe;
  readonly model: IntegerRhythmnet;
  /** That it was trained on. */
  readonly records: readonly RhythmRecord[];
  readonly folds: FoldResult | null;
}

interface Spread {
  readonly median: number;
  readonly range: readonly [least: number, most: number];
}

export function rhythmCard({ recipe, model, records, folds }: RhythmCardInput): Record<string, unknown> {
  const { bytes, floatBytes, agreementWithFake, agreementWithFloat } = model;
  const countOf = (name: string): number => records.filter(({ database }) => database === name).length;
  return {
    name: 'rhythmnet',
    version: '1.0.0',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    labels: [...RHYTHM_CLASSES],
    input: {
      shape: [RHYTHM_IMAGE_ROWS, 1, RHYTHM_WINDOW_SAMPLES],
      rateHz: RHYTHM_RATE_HZ,
      seconds: RHYTHM_WINDOW_SECONDS,
      everySeconds: RHYTHM_STEP_SECONDS,
      rows: [
        'millivolts without baseline, divided by their deviation',
        'arsinh of the same in units of 20 microvolts',
      ],
    },
    output: 'logits',
    arithmetic: '8-bit integers',
    training: {
      records: Object.fromEntries(RHYTHM_DATABASES.map((name) => [name, countOf(name)])),
      seed: recipe.seed,
      steps: recipe.steps,
      batch: recipe.batch,
      command: 'npm run trainer -- train --net rhythmnet',
      exportCommand: 'npm run trainer -- export --net rhythmnet --out models/rhythmnet',
      revision: gitRevision(),
    },
    measured: {
      note:
        'by networks trained alike on other patients (five folds of each database); ' +
        'this one was trained on all records and measured on none',
      ...(folds === null ? {} : measuredOf(folds)),
      agreementWithSameArithmetic: agreementWithFake,
      agreementWithFloats: rounded(agreementWithFloat),
    },
    size: {
      parameters: countParameters(rhythmnet()),
      fileBytes: bytes.length,
      archiveBytes: archive({ 'model.onnx': bytes }).length,
      floatFileBytes: floatBytes.length,
    },
    notice: 'not a medical device',
  };
}

/** Median of the seeds, and the range where there is one. */
function measuredOf({ command, seeds, figures }: FoldResult): Record<string, unknown> {
  const spread = (ofSeed: (index: number) => number): Spread => {
    const values = seeds.map((_, i) => ofSeed(i)).sort((a, b) => a - b);
    const [least, most] = [rounded(values[0]!), rounded(values.at(-1)!)];
    return { median: rounded(medianOf(Float64Array.from(values))), range: [least, most] };
  };
  const recalls = RHYTHM_CLASSES.map((name, c) => {
    const recall = spread((i) => {
      const row = figures[i]!.windows.matrix[c]!;
      return (
        row[c]! /
        Math.max(
          1,
          row.reduce((a, b) => a + b, 0),
        )
      );
    });
    return [name, recall] as const;
  });
  return {
    command,
    seeds,
    // Of noise there are no annotated windows that can be believed.
    windowSensitivity: Object.fromEntries(recalls.filter(([name]) => name !== 'noise')),
    alarms: figures[0]!.alarms.map(({ rule, kinds }, r) => ({
      rule,
      kinds: kinds.map(({ name, episodes }, k) => {
        const of = (key: 'found' | 'withinTenSeconds' | 'covered' | 'falseAlarms', share = 1): Spread =>
          spread((i) => share * figures[i]!.alarms[r]!.kinds[k]![key]);
        return {
          name,
          episodes,
          found: of('found'),
          withinTenSeconds: of('withinTenSeconds'),
          covered: of('covered'),
          falseAnHour: of('falseAlarms', 1 / kinds[k]!.hours),
        };
      }),
    })),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
