/** Rhythm annotations (`+` with `(VT`, `(AFIB`...) from beats and alerts, as the MIT-BIH database writes them. */
import { type Alert, type BeatLabel, PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

/** Which alerts are rhythms of their own, the stronger first: where two hold, the stronger is written. */
export const RHYTHM_OF_ALERT: readonly (readonly [kind: string, aux: string])[] = [
  ['ventricular_fibrillation', '(VFL'],
  ['ventricular_run', '(VT'],
  ['atrial_fibrillation', '(AFIB'],
  ['bigeminy', '(B'],
  ['trigeminy', '(T'],
];
/** None of those: the database's name for it, though we only know that we saw nothing else. */
const OTHERWISE = '(N';

/** Three or more in a row are a run (EC57), and beats further apart than this are not in a row. */
const RUN_BEATS = 3;
const RUN_GAP = 1.8 * PIPELINE_RATE_HZ;

export interface RhythmBeatMark {
  readonly sample: number;
  readonly label: BeatLabel | null;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly aux: string;
}

/** @param end index after the last sample. All positions are pipeline samples. */
export function rhythmMarks(
  beats: readonly RhythmBeatMark[],
  alerts: readonly Alert[],
  end: number,
): Annotation[] {
  const stretches = [...runsOf(beats, end), ...stretchesOf(alerts, end)];
  if (stretches.length === 0) return [];
  const changes = [...new Set(stretches.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const marks: Annotation[] = [];
  let current = OTHERWISE;
  for (const sample of changes) {
    const aux = rhythmAt(stretches, sample);
    if (aux === current || sample >= end) continue;
    current = aux;
    marks.push({ sample, code: AnnotationCode.rhythm, subtype: 0, channel: 0, num: 0, aux });
  }
  return marks;
}

function rhythmAt(stretches: readonly Stretch[], sample: number): string {
  const holding = stretches.filter(({ from, to }) => from <= sample && sample < to);
  return RHYTHM_OF_ALERT.find(([, aux]) => holding.some((stretch) => stretch.aux === aux))?.[1] ?? OTHERWISE;
}

/** Runs come from the beats themselves: their alert joins several runs into one message. */
function runsOf(beats: readonly RhythmBeatMark[], end: number): Stretch[] {
  const runs: Stretch[] = [];
  let first = 0;
  for (let i = 1; i <= beats.length; i++) {
    const previous = beats[i - 1]!;
    const goesOn =
      i < beats.length &&
      previous.label === 'V' &&
      beats[i]!.label === 'V' &&
      beats[i]!.sample - previous.sample <= RUN_GAP;
    if (goesOn) continue;
    if (previous.label === 'V' && i - first >= RUN_BEATS) {
      runs.push({ from: beats[first]!.sample, to: beats[i]?.sample ?? end, aux: '(VT' });
    }
    first = i;
  }
  return runs;
}

function stretchesOf(alerts: readonly Alert[], end: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [kind, aux] of RHYTHM_OF_ALERT) {
    if (kind === 'ventricular_run') continue;
    const messages = alerts.filter((alert) => alert.kind === kind);
    for (const start of messages.filter((alert) => alert.phase === 'start')) {
      const last = messages.find((alert) => alert.phase === 'end' && alert.id === start.id);
      const until = last?.evidence.until_sample;
      const to = typeof until === 'number' ? until : (last?.sample ?? end);
      if (to > start.startSample) stretches.push({ from: start.startSample, to, aux });
    }
  }
  return stretches;
}
