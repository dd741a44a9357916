/**
 * What kills, on all databases beside the configured record folders: rows of the targets as shipped and without the rhythm
 * network, curves, QRS on cudb, and a page of strips. With `--estimates` also with the rhythm network's part from files of
 * cross-fitted estimates: figures of patients it has not seen, and those are what curves, records and strips are of.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';
import { openRhythmNetwork } from '@rhythmd/daemon/classify/rhythm-network.ts';
import { type RhythmLimitName, rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { thisMachine } from '../machine.ts';
import type { BenchResult } from '../topic.ts';
import {
  type DangerRecord,
  outcomeWith,
  qrsErrors,
  readDanger,
  recordsOf,
  withoutEstimates,
} from './danger/measure.ts';
import type { RecordOutcome } from './danger/outcome.ts';
import { dangerPage } from './danger/page.ts';
import { rowsOf } from './danger/rows.ts';
import { type CurvePoint, curveTable, dangerTables } from './danger/tables.ts';
import { stagesKey } from './danger/timeline-cache.ts';

const DEFAULT_MODEL = 'models/beatnet2';
const DEFAULT_RHYTHM_MODEL = 'models/rhythmnet';
const CURVES: readonly (readonly [RhythmLimitName, readonly number[]])[] = [
  ['fibrillationProbability', [0.5, 0.6, 0.7, 0.8, 0.9]],
  ['tachycardiaProbability', [0.4, 0.6, 0.8]],
  ['asystoleProbability', [0.4, 0.6, 0.8]],
  ['noiseProbability', [0.02, 0.05, 0.1, 0.2]],
];

/** Of the records with episodes: the others would only be slow. */
const CURVE_DATABASES = ['cudb', 'vfdb'];

export interface DangerOptions {
  readonly model?: string | undefined;
  readonly rhythm?: string | undefined;
  readonly estimates?: string | undefined;
  readonly page: string;
  /** Names, with commas between. */
  readonly databases: string;
  readonly curves: boolean;
  readonly progress: (line: string) => void;
}

export async function measureDangers(options: DangerOptions): Promise<BenchResult> {
  const { progress, estimates = null } = options;
  const model = options.model ?? fromInstallation(DEFAULT_MODEL);
  const rhythmModel = options.rhythm ?? fromInstallation(DEFAULT_RHYTHM_MODEL);
  const classifier = existsSync(model) ? await openModel(model, 'auto') : null;
  const rhythm = existsSync(rhythmModel) ? await openRhythmNetwork(rhythmModel, 'auto') : null;
  if (rhythm === null && estimates === null)
    progress(`no rhythm network at ${rhythmModel}: both levels are without`);
  const key = stagesKey([model, rhythmModel]);
  const pairs: { record: DangerRecord; outcome: RecordOutcome }[] = [];
  const shipped: RecordOutcome[] = [];
  const crossFitted: RecordOutcome[] = [];
  const without: RecordOutcome[] = [];
  const curves = new Map<string, { alarm: string; limit: number; outcomes: RecordOutcome[] }>();
  const qrs = { missed: 0, extra: 0, beats: 0 };
  for (const database of options.databases.split(',')) {
    for (const name of recordsOf(database)) {
      const record = await readDanger(database, name, { classifier, rhythm, key }, estimates);
      const shown = record.crossFitted ?? record.timeline;
      if (rhythm !== null) shipped.push(outcomeWith(record, record.timeline));
      without.push(outcomeWith(record, withoutEstimates(record.timeline)));
      if (record.crossFitted !== null) crossFitted.push(outcomeWith(record, record.crossFitted));
      const timeline = { ...shown, images: [], windows: [] };
      pairs.push({
        record: { ...record, timeline, crossFitted: null },
        outcome: (record.crossFitted === null ? shipped : crossFitted).at(-1) ?? without.at(-1)!,
      });
      for (const [alarm, limits] of options.curves && CURVE_DATABASES.includes(database) ? CURVES : []) {
        for (const limit of limits) {
          const point = curves.get(`${alarm} ${limit}`) ?? { alarm, limit, outcomes: [] };
          curves.set(`${alarm} ${limit}`, point);
          point.outcomes.push(outcomeWith(record, shown, rhythmSettings({ [alarm]: limit })));
        }
      }
      if (database === 'cudb') {
        const errors = qrsErrors(record);
        qrs.missed += errors.missed;
        qrs.extra += errors.extra;
        qrs.beats += errors.beats;
      }
      progress(`${database}/${name} done`);
    }
  }
  await classifier?.close();
  await rhythm?.close();
  writeFileSync(options.page, dangerPage(pairs));
  progress(`strips of what was missed and false: ${options.page}`);
  const outcomes = pairs.map(({ outcome }) => outcome);
  const points: CurvePoint[] = [...curves.values()];
  return {
    tables: [
      ...dangerTables({
        ...(crossFitted.length > 0 && { 'cross-fitted': crossFitted }),
        ...(shipped.length > 0 && { 'as shipped': shipped }),
        'without the rhythm network': without,
      }),
      ...(points.length > 0 ? [curveTable(points)] : []),
      {
        title: 'QRS on cudb outside fibrillation, end to end',
        columns: ['beats', 'missed', 'extra'],
        rows: [[qrs.beats, qrs.missed, qrs.extra]],
      },
    ],
    json: {
      machine: thisMachine(),
      crossFitted: estimates !== null,
      outcomes,
      shipped: rowsOf(shipped),
      without: rowsOf(without),
      curves: points.map(({ alarm, limit, outcomes: own }) => ({ alarm, limit, rows: rowsOf(own) })),
      qrs,
    },
  };
}
