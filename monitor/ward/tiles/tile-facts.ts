/** What a tile says of a bed, in words: the same for the eye and for a screen reader. Unknown is a dash, never an old number. */
import { isOfThePatient, kindWords } from '../../alerts/alert-words.ts';
import { duration } from '../../time.ts';
import type { Bed } from '../beds/bed.ts';
import { type Standing, silenceWords } from '../beds/standing.ts';

const UNKNOWN = '–';

export function rateWords(bed: Bed, steadyMs: number): string {
  const rate = bed.isFresh(steadyMs) ? (bed.vitals?.hr_bpm ?? null) : null;
  return rate === null ? UNKNOWN : String(Math.round(rate));
}

/** The rhythms that stand beside what is alarmed first; where none does, how many ectopic beats there were. */
export function rhythmWords(bed: Bed, standing: readonly Standing[], steadyMs: number): string {
  if (!bed.isFresh(steadyMs)) return '';
  const rhythms = standing
    .slice(1)
    .flatMap(({ alert }) => (alert !== null && isOfThePatient(alert.kind) ? [kindWords(alert.kind)] : []))
    .filter((words, at, all) => all.indexOf(words) === at);
  if (rhythms.length > 0) return rhythms.slice(0, 2).join(', ');
  const beats = bed.vitals?.beats_per_min ?? null;
  if (beats === null) return '';
  return `V ${(beats.V ?? 0) + (beats.F ?? 0)}  S ${beats.S ?? 0} /min`;
}

/** Electrodes and signal. */
export function leadWords(
  bed: Bed,
  steadyMs: number,
): { readonly words: string; readonly state: 'good' | 'unsure' | 'bad' } {
  const { lead } = bed;
  if (lead === null || !bed.isFresh(steadyMs)) return { words: '', state: 'unsure' };
  const name = lead.analysed === null ? '' : `${lead.analysed} `;
  if (!lead.connected)
    return { words: `${name}${lead.quality === 'off' ? 'lead off' : lead.quality}`, state: 'bad' };
  if (lead.quality !== 'good') return { words: `${name}${lead.quality}`, state: 'unsure' };
  return { words: `${name}good`, state: 'good' };
}

export function heardWords(bed: Bed, steadyMs: number): string {
  if (bed.listeningSinceMs === null) return 'not connected';
  const { heardMs } = bed.freshness;
  if (heardMs === null) return 'not heard yet';
  const ms = steadyMs - heardMs;
  return ms < 2000 && silenceWords(bed, steadyMs) === null ? 'now' : `${duration(ms)} ago`;
}
