/** Accuracy, precision and recall from labels and answers. */
import { type BeatLabel, EC57_LABELS, PAPER_LABELS } from '@rhythmd/ecg/types.ts';

/** Five classes are EC57's, six the paper's. */
function labelsOfSize(classes: number): readonly BeatLabel[] {
  return classes === EC57_LABELS.length ? EC57_LABELS : PAPER_LABELS;
}

export interface ClassMetrics {
  readonly label: BeatLabel;
  readonly count: number;
  /** Sensitivity; null without such beats. */
  readonly recall: number | null;
  /** Positive predictive value; null when nothing was called so. */
  readonly precision: number | null;
}

export interface Metrics {
  readonly beats: number;
  readonly accuracy: number;
  /** Mean over the classes that occur. */
  readonly macroPrecision: number;
  readonly macroRecall: number;
  /** Mean weighted by how often a class occurs; weighted recall is accuracy. */
  readonly weightedPrecision: number;
  readonly weightedRecall: number;
  readonly classes: readonly ClassMetrics[];
  /** Rows: what it is; columns: what was said; in the order of the labels. */
  readonly confusion: readonly (readonly number[])[];
}

/** @param logits (or probabilities) [beats, classes] */
export function measure(labels: ArrayLike<number>, logits: Float32Array): Metrics {
  const classes = logits.length / Math.max(1, labels.length);
  const confusion = labelsOfSize(classes).map((_, __, all) => new Array<number>(all.length).fill(0));
  for (let beat = 0; beat < labels.length; beat++) {
    confusion[labels[beat]!]![argMax(logits, beat * classes, classes)]!++;
  }
  return metricsOf(confusion);
}

export function argMax(values: Float32Array, offset: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (values[offset + c]! > values[offset + best]!) best = c;
  return best;
}

export function metricsOf(confusion: readonly (readonly number[])[]): Metrics {
  const counts = confusion.map((row) => row.reduce((a, b) => a + b, 0));
  const said = confusion.map((_, c) => confusion.reduce((sum, row) => sum + row[c]!, 0));
  const beats = counts.reduce((a, b) => a + b, 0);
  const classes = labelsOfSize(confusion.length).map((label, c): ClassMetrics => {
    const right = confusion[c]![c]!;
    return {
      label,
      count: counts[c]!,
      recall: counts[c] === 0 ? null : right / counts[c]!,
      precision: said[c] === 0 ? null : right / said[c]!,
    };
  });
  const present = classes.filter(({ count }) => count > 0);
  const mean = (value: (metrics: ClassMetrics) => number): number =>
    present.reduce((sum, metrics) => sum + value(metrics), 0) / present.length;
  const weighted = (value: (metrics: ClassMetrics) => number): number =>
    present.reduce((sum, metrics) => sum + value(metrics) * metrics.count, 0) / beats;
  return {
    beats,
    accuracy: confusion.reduce((sum, row, c) => sum + row[c]!, 0) / beats,
    macroPrecision: mean(({ precision }) => precision ?? 0),
    macroRecall: mean(({ recall }) => recall ?? 0),
    weightedPrecision: weighted(({ precision }) => precision ?? 0),
    weightedRecall: weighted(({ recall }) => recall ?? 0),
    classes,
    confusion,
  };
}
