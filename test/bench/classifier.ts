/**
 * `npm run bench -- classifier [--models DIR] [--sets DS2,DS1,svdb] [--teach] [RECORD...]`: S and V as the daemon names them end to end, on its own
 * peaks, beside what others reach. Each record by a network that has not seen its patient: DIR holds fold0/ to
 * fold4/ (5 folds of patients), models as `export --fold N --int8 --out DIR/foldN` writes them; DS2 is named by the sibling of the shipped
 * network that was trained without it. Without DIR: DS2 alone. With --teach the reference names twelve doubtful beats of the
 * first five minutes of each record, as a person would (docs/teaching.md).
 */
import { existsSync, readFileSync } from 'node:fs';
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
import { DS1_RECORDS, DS2_RECORDS, MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { recordPath, recordsOf as recordsOfDatabase } from '@rhythmd/trainer/data/record-source.ts';
import { foldOfRecord } from '@rhythmd/trainer/data/splits.ts';
import type { BenchTopic, ResultTable } from './topic.ts';

/** The shipped weights have seen every record here: nothing can be measured with them. */
const WITHOUT_DS2 = 'models/beatnet2-without-ds2';
const WORST_RECORDS = 12;
const SETS = ['DS2', 'DS1', 'svdb'] as const;
type SetName = (typeof SETS)[number];

/** From 5:00, as published or as measured here by others' programs. */
const PEERS: readonly (readonly [set: string, name: string, veb: string, sveb: string])[] = [
  ['DS2', 'OSEA, measured', '94.2 / 97.0', '-'],
  ['DS2', 'matched-filter CNN (2023), published, reference peaks, DS1 only', '96.3 / F1 95.3', '81.6 / 82.7'],
  ['DS2', 'random forest on 6 features (2020), measured, reference peaks', '87.6 / 95.1', '77.3 / 67.2'],
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
        sets: { type: 'string' },
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
    const asked = values.sets?.split(',') ?? (values.models === undefined ? ['DS2'] : SETS);
    const sets = SETS.filter((set) => asked.includes(set));
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
    const file = values.teach ? 'classifier-taught' : 'classifier';
    return {
      tables: tablesOf(rows, [...scores.values()]),
      json: { taught: values.teach, sets: [...otherSets(file, sets), ...rows.map(jsonOf)] },
      file,
    };
  },
};

/** What was measured of other sets stays: all of them take a quarter of an hour. */
function otherSets(file: string, sets: readonly SetName[]): readonly object[] {
  const path = new URL(`results/${file}.json`, import.meta.url);
  if (!existsSync(path)) return [];
  const kept = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly sets: readonly { readonly set: SetName }[];
  };
  return kept.sets.filter(({ set }) => SETS.includes(set) && !sets.includes(set));
}

function allRecords(): { readonly name: string }[] {
  return [...MITDB_RECORDS, ...recordsOfDatabase('svdb')].map((name) => ({ name }));
}

/** DS1 and DS2 are EC57's 44 records: without the paced ones. */
function recordsOf(set: SetName, records: readonly { readonly name: string }[]): readonly string[] {
  if (set === 'DS2') return DS2_RECORDS;
  if (set === 'DS1') return DS1_RECORDS;
  return records.map(({ name }) => name).filter((name) => name.startsWith('svdb/'));
}

function modelPath(
  folder: string | undefined,
  record: string,
  records: readonly { readonly name: string }[],
): string {
  const fold = foldOfRecord(record, records);
  if (fold === null) return fromInstallation(WITHOUT_DS2);
  if (folder === undefined) throw new Error(`${record} was learnt: name models by fold, --models DIR`);
  return join(folder, `fold${fold}`);
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

function tablesOf(rows: readonly Row[], scores: readonly RecordScore[]): ResultTable[] {
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
      note: 'Each record by a network that has not seen its patient: of the folds, and DS2 by models/beatnet2-without-ds2.',
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
