/** What the help says of review's keys; the panels that hear them are asked by the view. */
import type { KeyBinding } from '../keys.ts';

export const REVIEW_KEYS: readonly KeyBinding[] = [
  { keys: ['t'], does: 'review: the next beats that nobody has looked at' },
  { keys: ['n', 's', 'v', 'f', 'q'], shown: 'n s v f q', does: 'review: call what is chosen so' },
  { keys: ['c', 'x', 'u'], shown: 'c x u', does: 'review: confirm it, no beat, undo' },
  {
    keys: ['b', 'r'],
    shown: 'b , . r',
    does: 'review: choose a beat, the one before or after, a rhythm',
  },
  { keys: ['[', ']'], shown: '[ ]', does: 'review: the stretch before or after' },
];
