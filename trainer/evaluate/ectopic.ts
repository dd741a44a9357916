/**
 * Supraventricular and ventricular beats as ANSI/AAMI EC57 counts them (docs/referee.md), from confusion matrices over
 * N S V F Q on reference peaks: a fusion or unclassifiable beat called ventricular, and an unclassifiable one called
 * supraventricular, is no false positive. Escape beats count as normal.
 */
import { EC57_LABELS } from '@rhythmd/ecg/types.ts';

const [N, S, V, F] = [0, 1, 2, 3];

export interface Detected {
  readonly beats: number;
  /** null without such beats. */
  readonly sensitivity: number | null;
  /** null when nothing was called so. */
  readonly positivePredictivity: number | null;
  /** Harmonic mean of the two; null where either is. */
  readonly f1: number | null;
}

export interface EctopicFigures {
  readonly beats: number;
  readonly accuracy: number;
  /** The accuracy of whoever calls every beat normal. */
  readonly alwaysNormal: number;
  readonly S: Detected;
  readonly V: Detected;
  /** Rows: what it is; columns: what was said. */
  readonly confusion: readonly (readonly number[])[];
}

export function emptyConfusion(): number[][] {
  return EC57_LABELS.map(() => EC57_LABELS.map(() => 0));
}

export function ectopicFigures(confusion: readonly (readonly number[])[]): EctopicFigures {
  const beats = confusion.flat().reduce((a, b) => a + b, 0);
  const right = confusion.reduce((sum, row, c) => sum + row[c]!, 0);
  return {
    beats,
    accuracy: right / Math.max(1, beats),
    alwaysNormal: confusion[N!]!.reduce((a, b) => a + b, 0) / Math.max(1, beats),
    S: detected(confusion, S!, [N!, V!, F!]),
    V: detected(confusion, V!, [N!, S!]),
    confusion,
  };
}

/** @param penalised classes whose beats are false positives when they are called so */
function detected(
  confusion: readonly (readonly number[])[],
  label: number,
  penalised: readonly number[],
): Detected {
  const found = confusion[label]![label]!;
  const beats = confusion[label]!.reduce((a, b) => a + b, 0);
  const wrong = penalised.reduce((sum, other) => sum + confusion[other]![label]!, 0);
  const sensitivity = beats === 0 ? null : found / beats;
  const positivePredictivity = found + wrong === 0 ? null : found / (found + wrong);
  const sum = (sensitivity ?? 0) + (positivePredictivity ?? 0);
  const isKnown = sensitivity !== null && positivePredictivity !== null && sum > 0;
  return {
    beats,
    sensitivity,
    positivePredictivity,
    f1: isKnown ? (2 * sensitivity * positivePredictivity) / sum : null,
  };
}
