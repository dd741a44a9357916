/** Which moments a report shows as strips: the extremes first, then an example of each kind, none of them twice. */
import { rhythmName } from '../rhythm/rhythm-names.ts';
import type { Alarm, Ectopy, HolterReport, Place, RhythmShare } from './report.ts';

export interface HolterEvent extends Place {
  readonly title: string;
}

/** On paper these are six pages. */
const MOST_EVENTS = 24;
const PAUSES = 3;
const ALARMS = 6;
/** Two moments this near are on one strip. */
const SAME_STRIP_S = 3;

/** @param alarmPlaces where the alarms of high priority began */
export function chooseEvents(
  report: HolterReport,
  alarmPlaces: readonly (Place & { readonly alarm: Alarm; readonly title: string })[],
): HolterEvent[] {
  const chosen: HolterEvent[] = [];
  const take = (title: string, place: Place | null | undefined) => {
    if (place == null || chosen.length >= MOST_EVENTS) return;
    const same = chosen.findIndex(
      (other) => other.recording === place.recording && Math.abs(other.at_s - place.at_s) < SAME_STRIP_S,
    );
    const { at_s, recording, sample } = place;
    if (same >= 0) chosen[same] = { ...chosen[same]!, title: `${chosen[same]!.title}; ${title}` };
    else chosen.push({ title, at_s, recording, sample });
  };
  const { slowest, fastest } = report.rates;
  take(`slowest rate, ${Math.round(slowest?.bpm ?? 0)}/min`, slowest);
  take(`fastest rate, ${Math.round(fastest?.bpm ?? 0)}/min`, fastest);
  for (const pause of report.pauses?.longest.slice(0, PAUSES) ?? []) {
    take(`pause of ${pause.duration_s.toFixed(1)} s`, pause);
  }
  if (report.flutter !== null) take(rhythmName('VFL'), report.flutter.longest);
  for (const { title, ...place } of alarmPlaces.slice(0, ALARMS)) take(`alarm: ${title}`, place);
  takeEctopy('ventricular', report.ventricular, take);
  takeEctopy('supraventricular', report.supraventricular, take);
  for (const { rhythm, longest } of report.rhythms ?? ([] as RhythmShare[])) {
    take(`longest ${rhythmName(rhythm)}`, longest);
  }
  return chosen.sort((a, b) => a.at_s - b.at_s);
}

function takeEctopy(
  kind: string,
  ectopy: Ectopy | null,
  take: (title: string, place: Place | null) => void,
): void {
  if (ectopy === null) return;
  const { longest_run, fastest_run, first_couplet, first_single } = ectopy;
  take(`longest ${kind} run, ${longest_run?.beats} beats`, longest_run);
  take(`fastest ${kind} run, ${Math.round(fastest_run?.bpm ?? 0)}/min`, fastest_run);
  take(`${kind} couplet`, first_couplet);
  take(`single ${kind} beat`, first_single);
}
