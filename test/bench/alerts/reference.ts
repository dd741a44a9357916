/** What the reference annotations say about rhythm: episodes from beat codes, rhythm changes and flutter marks. */
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode, isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { Interval } from './interval.ts';

export interface ReferenceBeat {
  readonly sample: number;
  readonly code: string;
}

export interface Reference {
  readonly beats: readonly ReferenceBeat[];
  /** Stretches by rhythm, as annotated: `(AFIB` and such. */
  readonly rhythms: ReadonlyMap<string, readonly Interval[]>;
  /** Flutter or fibrillation, from `[` to `]`. */
  readonly flutter: readonly Interval[];
}

export function referenceOf(annotations: readonly Annotation[], sampleCount: number): Reference {
  const rhythms = new Map<string, Interval[]>();
  const flutter: Interval[] = [];
  let current: { name: string; from: number } | null = null;
  let flutterFrom: number | null = null;
  const close = (at: number) => {
    if (current === null) return;
    const list = rhythms.get(current.name) ?? [];
    rhythms.set(current.name, list);
    list.push({ from: current.from, to: at });
  };
  for (const { code, sample, aux } of annotations) {
    if (code === AnnotationCode.rhythm && aux !== null && aux.startsWith('(')) {
      close(sample);
      current = { name: aux, from: sample };
    } else if (code === AnnotationCode.flutterStart) flutterFrom = sample;
    else if (code === AnnotationCode.flutterEnd && flutterFrom !== null) {
      flutter.push({ from: flutterFrom, to: sample });
      flutterFrom = null;
    }
  }
  close(sampleCount);
  const beats = annotations
    .filter(({ code }) => isBeatCode(code))
    .map(({ code, sample }) => ({ sample, code: mnemonicOf(code) }));
  return { beats, rhythms, flutter };
}

/** EC57: V and E (and R on T) are ventricular ectopic beats. */
export function isVentricularCode(code: string): boolean {
  return code === 'V' || code === 'E' || code === 'r';
}

/** What a classifier without error would say: the paper's classes know V, and count E among the others. */
export function perfectLabel(code: string): BeatLabel {
  if (code === 'N' || code === 'V' || code === 'F' || code === '/' || code === 'f') return code;
  return 'other';
}

/** Sequences of consecutive ventricular beats of `least` to `most` beats, with their beats. */
export function ventricularSequences(
  beats: readonly ReferenceBeat[],
  least: number,
  most = Number.POSITIVE_INFINITY,
): ReferenceBeat[][] {
  const sequences: ReferenceBeat[][] = [];
  let sequence: ReferenceBeat[] = [];
  for (const beat of [...beats, { sample: Number.POSITIVE_INFINITY, code: '' }]) {
    if (isVentricularCode(beat.code)) {
      sequence.push(beat);
      continue;
    }
    if (sequence.length >= least && sequence.length <= most) sequences.push(sequence);
    sequence = [];
  }
  return sequences;
}

export function spanOf(beats: readonly ReferenceBeat[]): Interval {
  return { from: beats[0]!.sample, to: beats.at(-1)!.sample };
}
