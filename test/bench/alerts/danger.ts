/**
 * What kills, on all databases beside the configured record folders: rows of the targets as shipped and without the rhythm
 * network, curves, QRS on cudb, and a page of strips. With `--estimates` also with the rhythm network's part from files of
 * cross-fitted estimates: figures of patients it has not seen, and those are what curves, records and strips are of.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';
import { openRhythmNetwork } from '@rhythmd/daemon/classify/rhythm-network.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { thisMachine } from '../machine.ts';
import type { BenchResult } from '../topic.ts';
import { measureCurves } from './danger/curves.ts';
import {
  type DangerNetworks,
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
import { curveTable, dangerTables } from './danger/tables.ts';
import { stagesKey } from './danger/timeline-cache.ts';

const DEFAULT_MODEL = 'models/beatnet2-without-ds2';
const DEFAULT_RHYTHM_MODEL = 'models/rhythmnet';
export interface DangerOptions {
  readonly model?: string | undefined;
  readonly rhythm?: string | undefined;
  readonly estimates?: string | undefined;
  readonly page: string;
  /** Names, with commas between. */
  readonly databases: string;
  readonly progress: (line: string) => void;
}

export async function measureDangers(options: DangerOptions): Promise<BenchResult> {
  const { progress, estimates = null } = options;
  const networks = await openNetworks(options);
  const { rhythm } = networks;
  if (rhythm === null && estimates === null) progress('no rhythm network: both levels are without');
  const pairs: { record: DangerRecord; outcome: RecordOutcome }[] = [];
  const shipped: RecordOutcome[] = [];
  const crossFitted: RecordOutcome[] = [];
  const without: RecordOutcome[] = [];
  const qrs = { missed: 0, extra: 0, beats: 0 };
  for (const database of options.databases.split(',')) {
    for (const name of recordsOf(database)) {
      const record = await readDanger(database, name, networks, estimates);
      const shown = record.crossFitted ?? record.timeline;
      if (rhythm !== null) shipped.push(outcomeWith(record, record.timeline));
      without.push(outcomeWith(record, withoutEstimates(record.timeline)));
      if (record.crossFitted !== null) crossFitted.push(outcomeWith(record, record.crossFitted));
      const timeline = { ...shown, images: [], windows: [] };
      pairs.push({
        record: { ...record, timeline, crossFitted: null },
        outcome: (record.crossFitted === null ? shipped : crossFitted).at(-1) ?? without.at(-1)!,
      });
      if (database === 'cudb') {
        const errors = qrsErrors(record);
        qrs.missed += errors.missed;
        qrs.extra += errors.extra;
        qrs.beats += errors.beats;
      }
      progress(`${database}/${name} done`);
    }
  }
  await closeNetworks(networks);
  writeFileSync(options.page, dangerPage(pairs));
  progress(`strips of what was missed and false: ${options.page}`);
  const outcomes = pairs.map(({ outcome }) => outcome);
  return {
    tables: [
      ...dangerTables({
        ...(crossFitted.length > 0 && { 'cross-fitted': crossFitted }),
        ...(shipped.length > 0 && { 'as shipped': shipped }),
        'without the rhythm network': without,
      }),
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
      qrs,
    },
  };
}

/** The curves alone: they play each record a dozen times. */
export async function measureDangerCurves(options: DangerOptions): Promise<BenchResult> {
  const networks = await openNetworks(options);
  const points = await measureCurves(networks, options.estimates ?? null, options.progress);
  await closeNetworks(networks);
  return {
    tables: [curveTable(points)],
    json: {
      machine: thisMachine(),
      crossFitted: options.estimates !== undefined,
      points: points.map(({ alarm, limit, outcomes }) => ({ alarm, limit, rows: rowsOf(outcomes) })),
    },
  };
}

async function openNetworks({ model, rhythm }: DangerOptions): Promise<DangerNetworks> {
  const models = [
    model ?? fromInstallation(DEFAULT_MODEL),
    rhythm ?? fromInstallation(DEFAULT_RHYTHM_MODEL),
  ] as const;
  return {
    classifier: existsSync(models[0]) ? await openModel(models[0], 'auto') : null,
    rhythm: existsSync(models[1]) ? await openRhythmNetwork(models[1], 'auto') : null,
    key: stagesKey(models),
  };
}

async function closeNetworks({ classifier, rhythm }: DangerNetworks): Promise<void> {
  await classifier?.close();
  await rhythm?.close();
}
