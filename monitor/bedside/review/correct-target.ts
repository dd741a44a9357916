/** What is corrected: beats that look alike, one beat, or a rhythm; which is next, and what it is called. */
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import { clockTime } from '../../time.ts';
import { rhythmWords } from './correct-words.ts';
import type { ReviewRhythm } from './review-data.ts';
import type { ReviewTemplate } from './template-plots.ts';

export interface ReviewBeat {
  readonly timeMs: number;
  readonly label: BeatLabel | null;
}

export type Target =
  | { readonly kind: 'template'; readonly template: ReviewTemplate }
  | { readonly kind: 'beat'; readonly beat: ReviewBeat }
  | { readonly kind: 'rhythm'; readonly rhythm: ReviewRhythm };

/** As the request `review.correct` names it. */
export function targetBody(target: Target): { template?: string; beat_t_ms?: number; rhythm_t_ms?: number } {
  switch (target.kind) {
    case 'template':
      return { template: target.template.id };
    case 'beat':
      return { beat_t_ms: target.beat.timeMs };
    case 'rhythm':
      return { rhythm_t_ms: target.rhythm.timeMs };
  }
}

export function targetWords(target: Target): string {
  if (target.kind === 'rhythm') {
    const { name, timeMs } = target.rhythm;
    return `${rhythmWords(name)}, from ${clockTime(timeMs)} on`;
  }
  if (target.kind === 'beat') {
    const { label, timeMs } = target.beat;
    return `One beat at ${clockTime(timeMs)}, called ${CLASS_LOOKS[label ?? 'unclassified'].letter}`;
  }
  const { count, label } = target.template;
  return `${count} beat${count === 1 ? '' : 's'} that look alike, called ${CLASS_LOOKS[label].letter}`;
}

/** The beat nearest to a moment, or so many before or after the one that is aimed at. @returns null: there are none */
export function beatFrom(
  beats: readonly ReviewBeat[],
  aimed: Target | null,
  middleMs: number | null,
  step: number,
): ReviewBeat | null {
  const fromMs = aimed?.kind === 'beat' ? aimed.beat.timeMs : middleMs;
  if (fromMs === null || beats.length === 0) return null;
  const nearest = beats.reduce((best, beat) =>
    Math.abs(beat.timeMs - fromMs) < Math.abs(best.timeMs - fromMs) ? beat : best,
  );
  const at = beats.indexOf(nearest) + (aimed?.kind === 'beat' ? step : 0);
  return beats[Math.max(0, Math.min(beats.length - 1, at))]!;
}

/** The next after the one that is aimed at; after the last the first again. @returns null: there are none */
export function rhythmFrom(rhythms: readonly ReviewRhythm[], aimed: Target | null): ReviewRhythm | null {
  const at = aimed?.kind === 'rhythm' ? rhythms.findIndex(({ timeMs }) => timeMs > aimed.rhythm.timeMs) : 0;
  return rhythms[Math.max(0, at)] ?? null;
}

/** The same beat or rhythm, as it is called now; null: it is none any more. */
export function sameTarget(
  aimed: Target,
  beats: readonly ReviewBeat[],
  rhythms: readonly ReviewRhythm[],
): Target | null {
  if (aimed.kind === 'beat') {
    const beat = beats.find(({ timeMs }) => timeMs === aimed.beat.timeMs);
    return beat === undefined ? null : { kind: 'beat', beat };
  }
  if (aimed.kind === 'template') return null;
  const rhythm = rhythms.find(({ timeMs }) => timeMs === aimed.rhythm.timeMs);
  return rhythm === undefined ? null : { kind: 'rhythm', rhythm };
}
