/** What stands above and below a strip on paper, the same from the page and from the daemon: a sheet is read years later, alone. */
import { SCALE_TEXT } from './strip.ts';

export interface StripFacts {
  /** Beats of the strip, in samples; fewer than two have no rate. */
  readonly beats: readonly number[];
  readonly rateHz: number;
  /** Alerts that stood in some of it, for people. */
  readonly alerts: readonly string[];
}

const ALERTS_SHOWN = 3;

export function stripFacts({ beats, rateHz, alerts }: StripFacts): string {
  const spanS = beats.length < 2 ? 0 : (beats.at(-1)! - beats[0]!) / rateHz;
  const rate = spanS > 0 ? `${Math.round((60 * (beats.length - 1)) / spanS)}/min` : 'not known';
  const shown = alerts.slice(0, ALERTS_SHOWN).join(', ');
  const more = alerts.length > ALERTS_SHOWN ? ` and ${alerts.length - ALERTS_SHOWN} more` : '';
  return `heart rate ${rate}${shown === '' ? '' : `   alert: ${shown}${more}`}`;
}

/** @param filter in words; @param notDrawn what has no place on ECG paper */
export function stripFooter(filter: string, notDrawn: readonly string[] = []): string {
  const others = notDrawn.length === 0 ? '' : `   not drawn: ${notDrawn.join(', ')}`;
  return `${SCALE_TEXT}   ${filter}   rhythmd, not a medical device${others}`;
}

/** One after the other, what nobody knows left out. */
export function stripTitle(...words: readonly string[]): string {
  return words.filter((word) => word !== '').join('   ');
}
