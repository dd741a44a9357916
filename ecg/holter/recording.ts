/** One unbroken recording as a Holter report reads it: its beats, and the stretches that change what they are worth. */
import { beatClassOf } from '../ec57/beat-classes.ts';
import { ventricularFlutter } from '../ec57/rhythm-intervals.ts';
import { type Interval, isShutdownMark, timelineOf } from '../ec57/timeline.ts';
import type { Annotation } from '../wfdb/annotation.ts';
import { AnnotationCode } from '../wfdb/annotation-codes.ts';
import type { HolterClass } from './report.ts';

/** What a report is made of. Positions in the recording's own samples. */
export interface HolterRecording {
  /** Where it begins, in seconds from the beginning of the report. */
  readonly fromS: number;
  readonly rateHz: number;
  readonly sampleCount: number;
  /** In time order. */
  readonly annotations: readonly Annotation[];
  /** The classes that whoever named the beats can name; null: all. One that cannot be named is not known, rather than 0. */
  readonly named: readonly HolterClass[] | null;
  /** Whoever annotated it looks at rhythms, whether or not there is one to tell. */
  readonly tellsRhythms: boolean;
}

export interface HolterBeat {
  readonly sample: number;
  readonly name: HolterClass;
}

/** Half-open, in samples. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface ReadRecording {
  /** As EC57 reads them: none inside a flutter bracket, and a flutter wave is none. */
  readonly beats: readonly HolterBeat[];
  readonly unreadable: readonly Stretch[];
  readonly flutter: readonly Interval[];
}

export function readRecording({ annotations, sampleCount }: HolterRecording): ReadRecording {
  const { beats } = timelineOf(annotations);
  return {
    beats: beats
      .filter(({ code, sample }) => code !== AnnotationCode.flutterWave && sample < sampleCount)
      .map(({ sample, code }) => ({ sample, name: beatClassOf(code) as HolterClass })),
    unreadable: unreadableStretches(annotations, sampleCount),
    flutter: ventricularFlutter(annotations),
  };
}

/** From a mark with both shutdown bits to the next quality mark without them: states may follow one another in between. */
function unreadableStretches(annotations: readonly Annotation[], sampleCount: number): Stretch[] {
  const stretches: Stretch[] = [];
  let from: number | null = null;
  const end = (to: number) => {
    if (from !== null && to > from) stretches.push({ from, to });
    from = null;
  };
  for (const annotation of annotations) {
    if (annotation.code !== AnnotationCode.signalQuality) continue;
    const sample = Math.min(sampleCount, Math.max(0, annotation.sample));
    if (isShutdownMark(annotation)) from ??= sample;
    else end(sample);
  }
  end(sampleCount);
  return stretches;
}

/** Is the way from one sample to another readable, and no flutter? Asked in time order, it looks at each stretch once. */
export class ReadableWay {
  readonly #read: ReadRecording;
  #next = 0;

  constructor(read: ReadRecording) {
    this.#read = read;
  }

  between(from: number, to: number): boolean {
    const { unreadable, flutter } = this.#read;
    while (this.#next < unreadable.length && unreadable[this.#next]!.to <= from) this.#next++;
    const stretch = unreadable[this.#next];
    if (stretch !== undefined && stretch.from < to) return false;
    return !flutter.some(({ start, end }) => start <= to && end >= from);
  }
}

/** Samples of [from, to) that can be read. */
export function readableWithin(unreadable: readonly Stretch[], from: number, to: number): number {
  let readable = to - from;
  for (const stretch of unreadable) {
    readable -= Math.max(0, Math.min(to, stretch.to) - Math.max(from, stretch.from));
  }
  return Math.max(0, readable);
}
