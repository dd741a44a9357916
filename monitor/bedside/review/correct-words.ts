/** Corrections in words: what was said of which beats, by whom. */
import { rhythmName } from '@rhythmd/ecg/rhythm/rhythm-names.ts';
import type { RequestBody } from '@rhythmd/protocol/requests.ts';
import { clockTime } from '../../time.ts';
import type { ReviewCorrections } from './review-data.ts';

export type CorrectAction = RequestBody<'review.correct'>['action'];

/** `N` is not a rhythm of its own here: it takes one away. */
export function rhythmWords(name: string): string {
  return name === 'N' ? 'none of these' : rhythmName(name);
}

/** @param beats how many; 0: it was a rhythm */
export function doneWords(action: CorrectAction, label: string | undefined, beats: number): string {
  const what = beats === 0 ? 'The rhythm is' : `${beats} beat${beats === 1 ? ' is' : 's are'}`;
  const done = action === 'relabel' ? `called ${label} now` : action === 'confirm' ? 'confirmed' : 'rejected';
  return `${what} ${done}.`;
}

export function correctionWords(correction: ReviewCorrections['corrections'][number]): string {
  const { action, beats, label, by, t_ms, note, in_force } = correction;
  const what = beats === 0 ? 'a rhythm' : `${beats} beat${beats === 1 ? '' : 's'}`;
  const done = action === 'relabel' ? `is ${label}` : action === 'confirm' ? 'confirmed' : 'rejected';
  const who = `${by === null ? '' : `, ${by}`}${note === null ? '' : `: ${note}`}`;
  return `${clockTime(t_ms)} ${what} ${done}${who}${in_force ? '' : ' (taken back)'}`;
}
