/**
 * What a person says of a recording's labels afterwards. The recording's own annotations stay as they are; corrections are
 * applied to them whenever somebody looks, the later over the earlier, and any of them can be taken back.
 */
import type { BeatLabel } from '../types.ts';
import type { Annotation } from '../wfdb/annotation.ts';
import { AnnotationCode, codeOf, isBeatCode } from '../wfdb/annotation-codes.ts';

/** The classes that a person chooses from: those of EC57. */
export const REVIEW_LABELS = ['N', 'S', 'V', 'F', 'Q'] as const satisfies readonly BeatLabel[];

/** Rhythms as WFDB writes them, without the bracket; `N`: none of the others. */
export const REVIEW_RHYTHMS = [
  'N',
  'AFIB',
  'AFL',
  'SVTA',
  'B',
  'T',
  'VT',
  'IVR',
  'VFL',
  'NOD',
  'P',
  'BII',
] as const;

export const CORRECTION_ACTIONS = ['relabel', 'confirm', 'reject'] as const;
export type CorrectionAction = (typeof CORRECTION_ACTIONS)[number];

export interface Correction {
  /** Shared by the parts of one correction in several recordings. */
  readonly id: string;
  readonly t_ms: number;
  /** Who says so; null: nobody said. */
  readonly by: string | null;
  readonly action: CorrectionAction;
  /** Beats by their sample in the recording; empty where it is about a rhythm. */
  readonly beats: readonly number[];
  /** The sample of the mark that begins the rhythm; null where it is about beats. */
  readonly rhythm: number | null;
  /** Of a relabelling: a class, or a rhythm. */
  readonly label: string | null;
  readonly note: string | null;
}

/** Takes a correction back. */
export interface Undo {
  readonly undo: string;
  readonly t_ms: number;
  readonly by: string | null;
}

export type JournalLine = Correction | Undo;

export interface Reviewed {
  readonly annotations: readonly Annotation[];
  /** Samples of the beats that a person has named, confirmed or rejected. */
  readonly seen: ReadonlySet<number>;
  /** Those among them that are called something else than by the model, or are none any more. */
  readonly changed: ReadonlySet<number>;
  /** Who corrected what is in force. */
  readonly by: readonly string[];
}

/** What is in force, in the order in which it was said. */
export function standing(lines: readonly JournalLine[]): Correction[] {
  const undone = new Set(lines.flatMap((line) => ('undo' in line ? [line.undo] : [])));
  return lines.filter((line): line is Correction => !('undo' in line) && !undone.has(line.id));
}

/** @param annotations the recording's own, in time order */
export function applyCorrections(
  annotations: readonly Annotation[],
  lines: readonly JournalLine[],
): Reviewed {
  const beats = new Map<number, Correction>();
  const confirmed = new Set<number>();
  const rhythms = new Map<number, Correction>();
  const notes: { readonly sample: number; readonly text: string }[] = [];
  const by = new Set<string>();
  for (const correction of standing(lines)) {
    if (correction.by !== null) by.add(correction.by);
    for (const sample of correction.beats) {
      if (correction.action === 'confirm') confirmed.add(sample);
      else beats.set(sample, correction);
    }
    if (correction.rhythm !== null) rhythms.set(correction.rhythm, correction);
    const at = correction.rhythm ?? correction.beats[0];
    if (correction.note !== null && at !== undefined) notes.push({ sample: at, text: correction.note });
  }
  const seen = new Set<number>();
  const changed = new Set<number>();
  const reviewed: Annotation[] = annotations.map((annotation) => {
    const { sample, code } = annotation;
    if (code === AnnotationCode.rhythm) return rhythmAfter(annotation, rhythms.get(sample));
    if (!isBeatCode(code)) return annotation;
    const correction = beats.get(sample);
    if (correction !== undefined || confirmed.has(sample)) seen.add(sample);
    const after = beatAfter(annotation, correction);
    if (after !== annotation) changed.add(sample);
    return after;
  });
  for (const { sample, text } of notes) {
    reviewed.push({ sample, code: AnnotationCode.note, subtype: 0, channel: 0, num: 0, aux: latin1(text) });
  }
  if (notes.length > 0) reviewed.sort((a, b) => a.sample - b.sample);
  return { annotations: reviewed, seen, changed, by: [...by] };
}

/** A beat that is none is left as WFDB's mark of an artifact that looks like one. */
function beatAfter(annotation: Annotation, correction: Correction | undefined): Annotation {
  if (correction === undefined) return annotation;
  if (correction.action === 'reject') return { ...annotation, code: AnnotationCode.artifact, subtype: 0 };
  const code = codeOf(correction.label ?? '');
  if (code === null || (code === annotation.code && annotation.subtype === 0)) return annotation;
  return { ...annotation, code, subtype: 0 };
}

function rhythmAfter(annotation: Annotation, correction: Correction | undefined): Annotation {
  if (correction === undefined || correction.action === 'confirm') return annotation;
  const rhythm = correction.action === 'reject' ? 'N' : correction.label;
  return { ...annotation, aux: `(${rhythm}` };
}

const MAX_NOTE = 200;
function latin1(text: string): string {
  return text.replace(/[^\x20-\xff]/g, '?').slice(0, MAX_NOTE);
}
