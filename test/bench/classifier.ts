/**
 * `npm run bench -- classifier [--models DIR] [--sets DS2,svdb,mitdb] [--teach] [RECORD...]`: S and V as the daemon names them end to end, on its own
 * peaks, beside what others reach. Each record by a network that has not seen its patient: DIR holds ds2/ (trained on
 * everything but DS2) and fold0/ to fold4/ (5 folds of patients), models as `export --fold N --int8 --out DIR/foldN` writes them.
 * Without DIR: by the shipped model, whose card says whom it has seen. With --teach the reference names twelve doubtful beats of the
 * first five minutes of each record, as a person would (docs/teaching.md).
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { annotationsOf } from '@rhythmd/daemon/analyze/annotate.ts';
import { chooseSignals } from '@rhythmd/daemon/analyze/choose-signals.ts';
import { type AnalysisOptions, RecordAnalysis } from '@rhythmd/daemon/analyze/record-analysis.ts';
import { teachFor } from '@rhythmd/daemon/analyze/teach.ts';
import type { Classifier } from '@rhythmd/daemon/classify/classifier.ts';
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';
import { STANDARD_START_S } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { type RecordScore, scoreRecord, scoreSet } from '@rhythmd/ecg/ec57/score.ts';
import { ratio, type Statistics } from '@rhythmd/ecg/ec57/statistics.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { DS2_RECORDS, MITDB_RECORDS, PACED_RECORDS } from '@rhythmd/records/mitdb.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { recordPath, recordsOf as recordsOfDatabase } from '@rhythmd/trainer/data/record-source.ts';
import { foldOfRecord } from '@rhythmd/trainer/data/splits.ts';
import type { BenchTopic, ResultTable } from './topic.ts';

const SHIPPED = 'models/beatnet2';
const WORST_RECORDS = 12;
const SETS = ['DS2', 'mitdb', 'svdb'] as const;
type SetName = (typeof SETS)[number];

/** From 5:00, as published or as measured here by others' programs. */
const PEERS: readonly (readonly [set: string, name: string, veb: string, sveb: string])[] = [
  ['DS2', 'OSEA, measured', '94.2 / 97.0', '-'],
  ['svdb', 'OSEA, measured, all 78 records', '81.7 / 83.5', '-'],
];

export const topic: BenchTopic = {
  summary:
    'supraventricular and ventricular beats end to end, on own peaks, of patients never seen (MIT-BIH, svdb)',
  async run(args, progress) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        models: { type: 'string' },
        sets: { type: 'string', default: SETS.join() },
        teach: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    const records = allRecords();
    const models = new Map<string, Classifier>();
    const modelFor = async (record: string): Promise<Classifier> => {
      const path = modelPath(values.models, record, records);
      const model = models.get(path) ?? (await openModel(path, 'auto'));
      models.set(path, model);
      return model;
    };
    const scores = new Map<string, RecordScore>();
    const sets = SETS.filter((set) => values.sets.split(',').includes(set));
    const wanted = (set: SetName): readonly string[] =>
      recordsOf(set, records).filter((name) => positionals.length === 0 || positionals.includes(name));
    for (const set of sets)
      for (const record of wanted(set)) {
        if (scores.has(record)) continue;
        scores.set(record, await scoreOf(record, await modelFor(record), values.teach));
        progress(`${record} done`);
      }
    for (const model of models.values()) await model.close();
    const rows = sets.map((set) => ({
      set,
      score: scoreSet(wanted(set).map((record) => scores.get(record)!)),
    }));
    const unseen = values.models !== undefined;
    return {
      tables: tablesOf(rows, [...scores.values()], unseen),
      json: { unseen, taught: values.teach, sets: rows.map(jsonOf) },
      ...(values.teach ? { file: 'classifier-taught' } : {}),
    };
  },
};

function allRecords(): { readonly name: string }[] {
  return [...MITDB_RECORDS, ...recordsOfDatabase('svdb')].map((name) => ({ name }));
}

/** mitdb: EC57's 44, without the paced ones. */
function recordsOf(set: SetName, records: readonly { readonly name: string }[]): readonly string[] {
  if (set === 'DS2') return DS2_RECORDS;
  if (set === 'mitdb') return MITDB_RECORDS.filter((name) => !PACED_RECORDS.includes(name));
  return records.map(({ name }) => name).filter((name) => name.startsWith('svdb/'));
}

function modelPath(
  folder: string | undefined,
  record: string,
  records: readonly { readonly name: string }[],
): string {
  if (folder === undefined) return fromInstallation(SHIPPED);
  const fold = foldOfRecord(record, records);
  return join(folder, fold === null ? 'ds2' : `fold${fold}`);
}

async function scoreOf(name: string, classifier: Classifier, isTaught: boolean): Promise<RecordScore> {
  const path = recordPath(name);
  const record = openRecord(path);
  try {
    const signals = chooseSignals(record, undefined);
    const options: AnalysisOptions = {
      classifier,
      signals,
      settings: rhythmSettings(),
      onClassifierFailure: (error) => {
        throw error;
      },
      interruption: new AbortController().signal,
    };
    const lesson = isTaught ? (await teachFor(record, 'atr', options)).lesson : null;
    const findings = await new RecordAnalysis(record, { ...options, lesson }).run();
    const { rateHz } = record.header;
    return scoreRecord(name, readAnnotations(path, 'atr'), annotationsOf(findings, rateHz, signals[0]!), {
      rateHz,
      fromSample: Math.round(STANDARD_START_S * rateHz),
      endSample: record.sampleCount,
    });
  } finally {
    record.close();
  }
}

interface Row {
  readonly set: SetName;
  readonly score: ReturnType<typeof scoreSet>;
}

function tablesOf(rows: readonly Row[], scores: readonly RecordScore[], unseen: boolean): ResultTable[] {
  return [
    {
      title: 'S and V end to end, own peaks, from 5:00, gross, percent',
      columns: [
        'records',
        'who',
        'V Se / +P',
        'S Se / +P (e, j as N)',
        'S Se / +P (e, j as S)',
        'V runs of 3+: found',
        'true',
      ],
      rows: rows.flatMap(({ set, score }) => [
        [
          `${set} (${score.records.length})`,
          'rhythmd',
          pairOf(score.gross.statistics.veb),
          pairOf(score.gross.statisticsEscapeNormal.sveb),
          pairOf(score.gross.statistics.sveb),
          ...runsOf(score),
        ],
        ...PEERS.filter(([of]) => of === set).map(([of, name, veb, sveb]) => [
          of,
          name,
          veb,
          sveb,
          sveb,
          '-',
          '-',
        ]),
      ]),
      note: unseen
        ? 'Each record by a network that has not seen its patient.'
        : 'By the shipped model: its card says which patients it has seen, and of those these are no figures of new ones (--models).',
    },
    {
      title: 'Where the wrong ones are: the records with most, S (e, j as N) and V',
      columns: ['record', 'S', 'missed', 'false', 'V', 'missed', 'false'],
      rows: worstOf(scores),
    },
  ];
}

function worstOf(scores: readonly RecordScore[]): (string | number)[][] {
  return scores
    .map(({ record, statistics: { veb }, statisticsEscapeNormal: { sveb } }) => ({ record, sveb, veb }))
    .sort((a, b) => wrongIn(b) - wrongIn(a))
    .slice(0, WORST_RECORDS)
    .map(({ record, sveb, veb }) => [record, ...[sveb, veb].flatMap(({ tp, fn, fp }) => [tp + fn, fn, fp])]);
}

function wrongIn({ sveb, veb }: Pick<Statistics, 'sveb' | 'veb'>): number {
  return sveb.fn + sveb.fp + veb.fn + veb.fp;
}

function pairOf({ se, pp }: Statistics['veb']): string {
  const percent = (value: number | null): string => (value === null ? '-' : (100 * value).toFixed(1));
  return `${percent(se)} / ${percent(pp)}`;
}

function runsOf({ gross }: Row['score']): string[] {
  const { shortRuns, longRuns } = gross.runs.ventricular;
  const sum = (key: 'found' | 'missed' | 'confirmed' | 'spurious'): number => shortRuns[key] + longRuns[key];
  const of = (part: number, whole: number): string =>
    `${part} of ${whole} (${(100 * (ratio(part, whole) ?? 0)).toFixed(0)} %)`;
  return [
    of(sum('found'), sum('found') + sum('missed')),
    of(sum('confirmed'), sum('confirmed') + sum('spurious')),
  ];
}

function jsonOf({ set, score }: Row): object {
  const { matrix, matrixEscapeNormal, statistics, statisticsEscapeNormal, runs } = score.gross;
  return {
    set,
    records: score.records,
    matrix,
    matrixEscapeNormal,
    statistics,
    statisticsEscapeNormal,
    runs,
  };
}
