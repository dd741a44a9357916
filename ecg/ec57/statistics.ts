/**
 * What EC57 reports of a confusion matrix: sensitivity, positive predictivity and false positive rate of QRS
 * detection and of ventricular (VEB) and supraventricular (SVEB) ectopic beats. Ratios are 0..1, null where
 * nothing was there to divide by.
 */
import { BEAT_CLASSES, type BeatClass } from './beat-classes.ts';
import type { ConfusionMatrix } from './compare-beats.ts';

export interface DetectionCounts {
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
}

export interface ClassCounts extends DetectionCounts {
  readonly tn: number;
}

export interface Ratios {
  /** Sensitivity TP / (TP + FN). */
  readonly se: number | null;
  /** Positive predictivity TP / (TP + FP). */
  readonly pp: number | null;
}

export interface ClassRatios extends Ratios {
  /** False positive rate FP / (TN + FP). */
  readonly fpr: number | null;
}

export interface Statistics {
  readonly qrs: DetectionCounts & Ratios;
  readonly veb: ClassCounts & ClassRatios;
  readonly sveb: ClassCounts & ClassRatios;
  /** Beats missed inside the test annotator's shutdowns (column X): part of the QRS misses, named apart. */
  readonly missedInShutdown: number;
}

const BEATS: readonly BeatClass[] = ['N', 'S', 'V', 'F', 'Q'];
const ABSENT: readonly BeatClass[] = ['O', 'X'];
/** A fusion or unknown beat called v, and an unknown beat called s, is not held against anybody (EC57). */
const VEB_FALSE_POSITIVE_ROWS: readonly BeatClass[] = ['N', 'S', 'O', 'X'];
const SVEB_FALSE_POSITIVE_ROWS: readonly BeatClass[] = ['N', 'V', 'F', 'O', 'X'];

export function statisticsOf(matrix: ConfusionMatrix): Statistics {
  return statisticsOfCounts(
    {
      tp: sum(matrix, BEATS, BEATS),
      fn: sum(matrix, BEATS, ABSENT),
      fp: sum(matrix, ABSENT, BEATS),
    },
    classCounts(matrix, 'V', VEB_FALSE_POSITIVE_ROWS),
    classCounts(matrix, 'S', SVEB_FALSE_POSITIVE_ROWS),
    sum(matrix, BEATS, ['X']),
  );
}

/** True negatives are test beats that are rightly not of the class; a missed beat is no test beat (bxb). */
function classCounts(
  matrix: ConfusionMatrix,
  target: BeatClass,
  falsePositiveRows: readonly BeatClass[],
): ClassCounts {
  const otherBeats = BEATS.filter((name) => name !== target);
  return {
    tp: sum(matrix, [target], [target]),
    fn: sum(matrix, [target], [...otherBeats, ...ABSENT]),
    fp: sum(matrix, falsePositiveRows, [target]),
    tn: sum(matrix, [...otherBeats, ...ABSENT], otherBeats),
  };
}

function sum(matrix: ConfusionMatrix, rows: readonly BeatClass[], columns: readonly BeatClass[]): number {
  let total = 0;
  for (const row of rows) {
    for (const column of columns) {
      total += matrix[BEAT_CLASSES.indexOf(row)]?.[BEAT_CLASSES.indexOf(column)] ?? 0;
    }
  }
  return total;
}

function statisticsOfCounts(
  qrs: DetectionCounts,
  veb: ClassCounts,
  sveb: ClassCounts,
  missedInShutdown: number,
): Statistics {
  return {
    qrs: { ...qrs, ...ratios(qrs) },
    veb: { ...veb, ...ratios(veb), fpr: ratio(veb.fp, veb.tn + veb.fp) },
    sveb: { ...sveb, ...ratios(sveb), fpr: ratio(sveb.fp, sveb.tn + sveb.fp) },
    missedInShutdown,
  };
}

function ratios({ tp, fn, fp }: DetectionCounts): Ratios {
  return { se: ratio(tp, tp + fn), pp: ratio(tp, tp + fp) };
}

export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Matrices of several records, summed cell by cell. */
export function sumMatrices(matrices: readonly ConfusionMatrix[]): ConfusionMatrix {
  return BEAT_CLASSES.map((name, row) =>
    Array.from({ length: name === 'O' || name === 'X' ? 5 : 7 }, (_, column) =>
      matrices.reduce((total, matrix) => total + (matrix[row]?.[column] ?? 0), 0),
    ),
  );
}

export interface AverageStatistics {
  readonly qrs: Ratios;
  readonly veb: ClassRatios;
  readonly sveb: ClassRatios;
}

/** The mean of the records' ratios, each record counting the same; records without one are left out of it. */
export function averageOf(records: readonly Statistics[]): AverageStatistics {
  const mean = (pick: (statistics: Statistics) => number | null) => {
    const values = records.map(pick).filter((value) => value !== null);
    return ratio(
      values.reduce((total, value) => total + value, 0),
      values.length,
    );
  };
  return {
    qrs: { se: mean(({ qrs }) => qrs.se), pp: mean(({ qrs }) => qrs.pp) },
    veb: {
      se: mean(({ veb }) => veb.se),
      pp: mean(({ veb }) => veb.pp),
      fpr: mean(({ veb }) => veb.fpr),
    },
    sveb: {
      se: mean(({ sveb }) => sveb.se),
      pp: mean(({ sveb }) => sveb.pp),
      fpr: mean(({ sveb }) => sveb.fpr),
    },
  };
}
