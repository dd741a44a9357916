/**
 * beatnet-context: the paper's six classes from what beatnet2 sees. Where the same patients train and test, shape and the
 * beats around may speak of any class together.
 */
import { BEAT_COLUMNS, CONTEXT_BEATS } from '@rhythmd/ecg/beat/beat-context.ts';
import { PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import { sequenceBranch, shapeBranch } from './beatnet2.ts';
import { type Network, NetworkBuilder } from './network.ts';

const SHAPE = { widths: [20, 32, 48], units: 48 };
const HIDDEN = 64;
const CHANNELS = 16;

export function beatnetContext(): Network {
  const b = new NetworkBuilder();
  const image = b.input([3, 36, 36]);
  const context = b.take(image, 0, 2, 3);
  const beats = b.take(b.take(context, 1, 0, CONTEXT_BEATS), 2, 0, BEAT_COLUMNS);
  const shape = shapeBranch(b, b.take(image, 0, 0, 2), context, SHAPE);
  const hidden = b.activation(
    b.dense(b.concat(shape, sequenceBranch(b, beats, CHANNELS, 1)), HIDDEN),
    'relu',
  );
  b.dense(b.dropout(hidden, 0.2), PAPER_LABELS.length);
  return b.build('beatnet-context');
}
