/**
 * beatnet2: names the beats of patients never seen as EC57 does (N S V F Q), from two leads or one, and the beats around.
 *
 * Two branches that meet only in the answer. What a supraventricular beat is, the beats around it say: their intervals,
 * P waves and QRS residuals, eighteen rows that a network along time folds to one (as good as a recurrent one on folds,
 * and of plain convolutions, which every executor has in integers). Nothing else tells it: with the scatter of the last thirty
 * intervals beside it every irregular rhythm was taken for atrial fibrillation. What a ventricular, fused or paced beat is, its shape
 * says beside its patient's typical one, with the patient's QRS shapes as numbers. A shape must not tell a supraventricular
 * beat: few patients have most of them, and their shape would be learnt.
 */
import { BEAT_COLUMNS, CONTEXT_BEATS, LEAD_COLUMNS } from '@rhythmd/ecg/beat/beat-context.ts';
import { POOLED, STRIP_POINTS, STRIP_ROWS } from '../data/leads-context.ts';
import { type Layer, type Network, NetworkBuilder } from './network.ts';

/** Channels after each halving of the 90 points: 45, 23, 12. */
const SHAPE_WIDTHS = [16, 24, 32];
const KERNELS = [7, 5, 5];
const NUMBERS = 24;
const SHAPE = 32;
/** Channels along the beats. */
const ALONG = 16;
const SEQUENCE = 24;
const LEAD_ROWS = 18;
/** Of the context plane: nothing is written below row 20. */
const EMPTY_ROW = 35;

/** What is read of the beats around, and how. */
interface Sequences {
  /** Columns of each beat that are read. */
  readonly columns: number;
  /** Branches side by side, which begin differently. */
  readonly branches: number;
  readonly dropout: number;
  /** First weights in parts of what they would be. */
  readonly gain?: number;
}

export function beatnet2(): Network {
  return beatsNetwork('beatnet2', { columns: BEAT_COLUMNS - 2, branches: 1, dropout: 0.2 });
}

/**
 * A candidate that does not ship (docs/training.md): it also reads whether the patient has P waves at all, by two branches that
 * begin smaller, as one alone is as good as its seed is lucky. Its preset has made-up rhythms.
 */
export function beatnet3(): Network {
  return beatsNetwork('beatnet3', { columns: BEAT_COLUMNS, branches: 2, dropout: 0, gain: 0.4 });
}

function beatsNetwork(name: string, sequences: Sequences): Network {
  const b = new NetworkBuilder();
  const image = b.input([3, 36, 36]);
  const context = b.take(image, 0, 2, 3);
  const shape = shapeBranch(b, b.take(image, 0, 0, 2), context);
  const branches = Array.from({ length: sequences.branches }, () => sequenceBranch(b, context, sequences));
  const sequence = branches.length === 1 ? branches[0]! : b.concat(...branches);
  // In the order of EC57_LABELS. Normal is what the others are measured against: an empty cell of the plane, always zero.
  // Were its logit the shape's, the shape would decide between normal and supraventricular too.
  const normal = b.take(b.take(context, 1, EMPTY_ROW, EMPTY_ROW + 1), 2, 0, 1);
  b.concat(normal, b.dense(sequence, 1, sequences.gain), b.dense(shape, 3));
  return b.build(name);
}

function shapeBranch(b: NetworkBuilder, planes: Layer, context: Layer): Layer {
  const strips = [0, LEAD_ROWS].map((first) => {
    const rows = b.take(planes, 1, first + STRIP_ROWS.from, first + STRIP_ROWS.to);
    return b.reshape(rows, [2, 1, STRIP_POINTS * POOLED]);
  });
  let x = b.averagePool(b.concat(...strips), { kernel: [1, POOLED], stride: [1, POOLED], pads: 'valid' });
  for (const [i, width] of SHAPE_WIDTHS.entries()) {
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
  return b.dropout(b.activation(b.dense(b.concat(average, highest, seen), SHAPE), 'relu'), 0.3);
}

function sequenceBranch(b: NetworkBuilder, context: Layer, { columns, dropout, gain }: Sequences): Layer {
  const along = (x: Layer, stride: number): Layer =>
    b.activation(
      b.convolution(x, ALONG, {
        kernel: [3, 1],
        stride: [stride, 1],
        pads: 'valid',
        bias: true,
        ...(gain === undefined ? {} : { gain }),
      }),
      'relu',
    );
  const beats = b.take(b.take(context, 1, 0, CONTEXT_BEATS), 2, 0, columns);
  const each = b.activation(
    b.convolution(beats, ALONG, {
      kernel: [1, columns],
      pads: 'valid',
      bias: true,
      ...(gain === undefined ? {} : { gain }),
    }),
    'relu',
  );
  // 18 beats, then 16, 7, 3 and 1 positions.
  const near = along(each, 1);
  const all = along(along(along(near, 2), 2), 1);
  const last = b.take(near, 1, near.shape[1] - 1, near.shape[1]);
  const seen = b.activation(b.dense(b.concat(all, last), SEQUENCE, gain), 'relu');
  return dropout === 0 ? seen : b.dropout(seen, dropout);
}
