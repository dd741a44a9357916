/** Everything EC57 says of one record, and of several together. */
import type { Annotation } from '../wfdb/annotation.ts';
import {
  type BeatPair,
  type ComparePeriod,
  type ConfusionMatrix,
  compareBeats,
  confusionMatrix,
} from './compare-beats.ts';
import { compareEpisodes, type EpisodeComparison, type EpisodeKind, sumEpisodes } from './episodes.ts';
import { compareRuns, type RunComparison, type RunKind, sumRuns } from './runs.ts';
import {
  type AverageStatistics,
  averageOf,
  type Statistics,
  statisticsOf,
  sumMatrices,
} from './statistics.ts';

export interface Score {
  readonly matrix: ConfusionMatrix;
  readonly statistics: Statistics;
  /** The same with escape beats e and j as normal beats (de Chazal's convention). */
  readonly matrixEscapeNormal: ConfusionMatrix;
  readonly statisticsEscapeNormal: Statistics;
  readonly runs: Readonly<Record<RunKind, RunComparison>>;
  readonly episodes: Readonly<Record<EpisodeKind, EpisodeComparison>>;
}

export interface RecordScore extends Score {
  readonly record: string;
  readonly pairs: readonly BeatPair[];
}

export interface SetScore {
  readonly records: readonly string[];
  readonly gross: Score;
  readonly average: AverageStatistics;
  readonly averageEscapeNormal: AverageStatistics;
}

export function scoreRecord(
  record: string,
  reference: readonly Annotation[],
  test: readonly Annotation[],
  period: ComparePeriod,
): RecordScore {
  const { pairs, matrix } = compareBeats(reference, test, period);
  const runs = (kind: RunKind) => compareRuns(reference, test, period, kind);
  const episodes = (kind: EpisodeKind) => compareEpisodes(reference, test, period, kind);
  return {
    record,
    pairs,
    ...tablesOf(matrix, confusionMatrix(pairs, 'normal')),
    runs: { ventricular: runs('ventricular'), supraventricular: runs('supraventricular') },
    episodes: {
      ventricularFlutter: episodes('ventricularFlutter'),
      atrialFibrillation: episodes('atrialFibrillation'),
    },
  };
}

function tablesOf(matrix: ConfusionMatrix, matrixEscapeNormal: ConfusionMatrix) {
  return {
    matrix,
    statistics: statisticsOf(matrix),
    matrixEscapeNormal,
    statisticsEscapeNormal: statisticsOf(matrixEscapeNormal),
  };
}

/** Gross: counts summed over the records, then divided. Average: the mean of the records' ratios. */
export function scoreSet(scores: readonly RecordScore[]): SetScore {
  const runs = (kind: RunKind) => sumRuns(scores.map((score) => score.runs[kind]));
  const episodes = (kind: EpisodeKind) => sumEpisodes(scores.map((score) => score.episodes[kind]));
  return {
    records: scores.map(({ record }) => record),
    gross: {
      ...tablesOf(
        sumMatrices(scores.map(({ matrix }) => matrix)),
        sumMatrices(scores.map(({ matrixEscapeNormal }) => matrixEscapeNormal)),
      ),
      runs: { ventricular: runs('ventricular'), supraventricular: runs('supraventricular') },
      episodes: {
        ventricularFlutter: episodes('ventricularFlutter'),
        atrialFibrillation: episodes('atrialFibrillation'),
      },
    },
    average: averageOf(scores.map(({ statistics }) => statistics)),
    averageEscapeNormal: averageOf(scores.map(({ statisticsEscapeNormal }) => statisticsEscapeNormal)),
  };
}
