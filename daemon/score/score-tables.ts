/** The tables of a score report as rows of text: printed as columns, or laid out as HTML. */
import { BEAT_CLASSES } from '@rhythmd/ecg/ec57/beat-classes.ts';
import type { ConfusionMatrix } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { episodeRatios } from '@rhythmd/ecg/ec57/episodes.ts';
import { type RunComparison, runRatios } from '@rhythmd/ecg/ec57/runs.ts';
import type { Score, SetScore } from '@rhythmd/ecg/ec57/score.ts';
import type { AverageStatistics, ClassRatios, Ratios } from '@rhythmd/ecg/ec57/statistics.ts';
import { PACED_RECORDS } from '@rhythmd/records/mitdb.ts';
import type { ScoreReport } from './score-files.ts';

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** In percent; a dash where there was nothing to divide by. */
function percent(ratio: number | null, digits = 2): string {
  return ratio === null ? '-' : (100 * ratio).toFixed(digits);
}

export function setName({ records }: SetScore): string {
  const paced = records.some((record) => PACED_RECORDS.includes(record));
  const count = `${records.length} record${records.length === 1 ? '' : 's'}`;
  return paced ? `${count}, paced included` : `${count} without paced`;
}

export function statisticsTable(report: ScoreReport): Table {
  const sets = report.unpaced === null ? [report.all] : [report.all, report.unpaced];
  return {
    title: 'Beat by beat, in percent',
    head: [
      'record',
      'TP',
      'FN',
      'FP',
      'X',
      'QRS Se',
      '+P',
      'VEB Se',
      '+P',
      'FPR',
      'SVEB Se',
      '+P',
      'FPR',
      'SVEB* Se',
      '+P',
    ],
    rows: [
      ...report.records.map((score) => scoreRow(score.record, score)),
      ...sets.map((set) => scoreRow(`gross: ${setName(set)}`, set.gross)),
      ...sets.map((set) => averageRow(`average: ${setName(set)}`, set.average, set.averageEscapeNormal)),
    ],
  };
}

/** What the columns mean, in a sentence. */
export const STATISTICS_NOTE =
  'X: beats missed inside a shutdown, part of FN. SVEB* has escape beats e and j as normal (de Chazal), ' +
  'SVEB as supraventricular (EC57, bxb).';

function scoreRow(name: string, { statistics, statisticsEscapeNormal }: Score): string[] {
  const { qrs, veb, sveb, missedInShutdown } = statistics;
  return [
    name,
    ...[qrs.tp, qrs.fn, qrs.fp, missedInShutdown].map(String),
    ...ratioCells(qrs, veb, sveb, statisticsEscapeNormal.sveb),
  ];
}

function averageRow(name: string, average: AverageStatistics, escapeNormal: AverageStatistics): string[] {
  return [name, '', '', '', '', ...ratioCells(average.qrs, average.veb, average.sveb, escapeNormal.sveb)];
}

function ratioCells(qrs: Ratios, veb: ClassRatios, sveb: ClassRatios, escapeNormal: Ratios): string[] {
  return [
    percent(qrs.se, 3),
    percent(qrs.pp, 3),
    ...[veb, sveb].flatMap(({ se, pp, fpr }) => [percent(se), percent(pp), percent(fpr, 3)]),
    percent(escapeNormal.se),
    percent(escapeNormal.pp),
  ];
}

export function matrixTable(name: string, matrix: ConfusionMatrix): Table {
  return {
    title: `Confusion matrix, ${name} (rows reference, columns test)`,
    head: ['', ...BEAT_CLASSES.map((letter) => letter.toLowerCase())],
    rows: BEAT_CLASSES.map((letter, row) => [letter, ...(matrix[row] ?? []).map(String)]),
  };
}

export function rhythmTable(set: SetScore): Table {
  const { runs, episodes } = set.gross;
  const runRow = (name: string, counts: RunComparison['couplets']) => {
    const { se, pp } = runRatios(counts);
    const found = `${counts.found}/${counts.found + counts.missed}`;
    const confirmed = `${counts.confirmed}/${counts.confirmed + counts.spurious}`;
    return [name, found, percent(se, 1), confirmed, percent(pp, 1), '', ''];
  };
  const runRows = (name: string, { couplets, shortRuns, longRuns }: RunComparison) => [
    runRow(`${name} couplets`, couplets),
    runRow(`${name} runs of 3 to 5`, shortRuns),
    runRow(`${name} runs of 6 or more`, longRuns),
  ];
  const episodeRow = (name: string, comparison: (typeof episodes)['ventricularFlutter']) => {
    const { durationSe, durationPp } = episodeRatios(comparison);
    return [...runRow(name, comparison).slice(0, 5), percent(durationSe, 1), percent(durationPp, 1)];
  };
  return {
    title: `Runs and episodes, ${setName(set)}`,
    head: ['', 'found', 'Se', 'true', '+P', 'duration Se', '+P'],
    rows: [
      ...runRows('ventricular', runs.ventricular),
      ...runRows('supraventricular', runs.supraventricular),
      episodeRow('ventricular flutter or fibrillation', episodes.ventricularFlutter),
      episodeRow('atrial fibrillation', episodes.atrialFibrillation),
    ],
  };
}
