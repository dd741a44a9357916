/**
 * beatnet2: names the beats of patients never seen as EC57 does (N S V F Q), from two leads or one, and the beats around.
 *
 * The shape decides first: is a beat ventricular, fused or paced by its shape beside its patient's typical one, the patient's
 * QRS shapes as numbers, and the beats around? What it is not, the beats around divide into normal and supraventricular: their
 * intervals, P waves and QRS residuals, eighteen rows that networks along time fold to one (as good as recurrent ones on folds,
 * and of plain convolutions, which every executor has in integers). These are taught by normal and supraventricular beats only:
 * with ventricular ones among what is not supraventricular, F1 on folds was a tenth lower. Nothing else tells a supraventricular
 * beat. With the scatter of the last thirty intervals beside them every irregular rhythm was taken for atrial fibrillation, and
 * its shape would be learnt, as few patients have most of them.
 */
import { BEAT_COLUMNS, CONTEXT_BEATS, LEAD_COLUMNS, PAST_BEATS } from '@rhythmd/ecg/beat/beat-context.ts';
import { POOLED, STRIP_POINTS, STRIP_ROWS } from '../data/leads-context.ts';
import type { Pair } from '../graph/ops/patches.ts';
import { type Layer, type Network, NetworkBuilder } from './network.ts';

/** Channels after each halving of the 90 points: 45, 23, 12. */
const SHAPE_WIDTHS = [16, 24, 32];
const KERNELS = [7, 5, 5];
const NUMBERS = 24;
const SHAPE = 32;
const SEQUENCE = 24;
/** First weights along the beats, in parts of what they would be: with all of them, F1 of S was .05 lower on folds. */
const GAIN = 0.4;
const NEARLY_ZERO = 0.01;
const LEAD_ROWS = 18;
/** Of the context plane: nothing is written below row 20. */
const EMPTY_ROW = 35;
/** Where the plane of the context always has a 1: there is a beat. */
const ONE = { row: PAST_BEATS, column: 8 } as const;

export interface AlongTheBeats {
  /** That divide normal from supraventricular, side by side, as one alone is as good as its seed is lucky. */
  readonly branches: number;
  /** Of each branch, that of ventricular beats too. */
  readonly channels: number;
}

/** On folds three of 14 channels name S better than two of 16 (the preset beatnet2-two), and V alike. */
const BEATNET2_ALONG: AlongTheBeats = { branches: 3, channels: 14 };

export function beatnet2(along: AlongTheBeats = BEATNET2_ALONG, name = 'beatnet2'): Network {
  const b = new NetworkBuilder();
  const image = b.input([3, 36, 36]);
  const context = b.take(image, 0, 2, 3);
  const beats = b.take(b.take(context, 1, 0, CONTEXT_BEATS), 2, 0, BEAT_COLUMNS);
  const shape = shapeBranch(b, b.take(image, 0, 0, 2), context);
  const wide = b.dense(b.concat(shape, sequenceBranch(b, beats, along.channels)), 3);
  const early = b.dense(
    b.concat(...Array.from({ length: along.branches }, () => sequenceBranch(b, beats, along.channels))),
    1,
    GAIN,
  );
  // A number that is learnt: the others are measured against it, whatever the shape.
  const one = b.take(b.take(context, 1, ONE.row, ONE.row + 1), 2, ONE.column, ONE.column + 1);
  const normal = b.dense(one, 1, NEARLY_ZERO);
  // In the order of EC57_LABELS. What is ventricular, fused or paced is so against the larger of the two others.
  b.concat(normal, early, b.add(wide, positivePart(b, early, context)));
  return b.build(name);
}

/** Three times what a logit is above zero. */
function positivePart(b: NetworkBuilder, logit: Layer, context: Layer): Layer {
  // A rectifier alone would be one in floats: behind a sum it is part of the integer kernel.
  const zero = b.take(b.take(context, 1, EMPTY_ROW, EMPTY_ROW + 1), 2, 0, 1);
  const part = b.activation(b.add(logit, zero), 'relu');
  return b.concat(part, part, part);
}

interface ShapeSize {
  /** Channels after each halving of the 90 points. */
  readonly widths: readonly number[];
  readonly units: number;
}

/**
 * @param planes of beats and typical beats
 * @param context the third plane
 */
export function shapeBranch(
  b: NetworkBuilder,
  planes: Layer,
  context: Layer,
  { widths, units }: ShapeSize = { widths: SHAPE_WIDTHS, units: SHAPE },
): Layer {
  const strips = [0, LEAD_ROWS].map((first) => {
    const rows = b.take(planes, 1, first + STRIP_ROWS.from, first + STRIP_ROWS.to);
    return b.reshape(rows, [2, 1, STRIP_POINTS * POOLED]);
  });
  let x = b.averagePool(b.concat(...strips), { kernel: [1, POOLED], stride: [1, POOLED], pads: 'valid' });
  for (const [i, width] of widths.entries()) {
    x = b.activation(
      b.batchNorm(b.convolution(x, width, { kernel: [1, KERNELS[i]!], stride: [1, 2] })),
      'relu',
    );
  }
  const average = b.globalAverage(x);
  const highest = b.reshape(b.maxPool(x, { kernel: [1, x.shape[2]], stride: 1, pads: 'valid' }), [
    x.shape[0],
    1,
    1,
  ]);
  const numbers = b.take(b.take(context, 1, CONTEXT_BEATS, CONTEXT_BEATS + 3), 2, 0, LEAD_COLUMNS);
  const seen = b.activation(b.dense(numbers, NUMBERS), 'relu');
  return b.dropout(b.activation(b.dense(b.concat(average, highest, seen), units), 'relu'), 0.3);
}

/**
 * @param beats the rows of the beats around
 * @param gain of its first weights
 */
export function sequenceBranch(b: NetworkBuilder, beats: Layer, channels: number, gain = GAIN): Layer {
  const along = (x: Layer, kernel: Pair, stride: number): Layer =>
    b.activation(
      b.convolution(x, channels, { kernel, stride: [stride, 1], pads: 'valid', bias: true, gain }),
      'relu',
    );
  const each = along(beats, [1, BEAT_COLUMNS], 1);
  // 18 beats, then 16, 7, 3 and 1 positions.
  const near = along(each, [3, 1], 1);
  const all = along(along(along(near, [3, 1], 2), [3, 1], 2), [3, 1], 1);
  const last = b.take(near, 1, near.shape[1] - 1, near.shape[1]);
  return b.activation(b.dense(b.concat(all, last), SEQUENCE, gain), 'relu');
}
