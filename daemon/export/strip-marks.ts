/** Annotations as a person reads them on paper: beats by letter and colour of the page, rhythm and quality in words. */
import { shownLabelOf } from '@rhythmd/ecg/beat/labels.ts';
import { isShutdownMark } from '@rhythmd/ecg/ec57/timeline.ts';
import { CLASS_INKS } from '@rhythmd/ecg/paper/class-ink.ts';
import type { StripMark } from '@rhythmd/ecg/paper/strip.ts';
import { rhythmName } from '@rhythmd/ecg/rhythm/rhythm-names.ts';
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { NOT_CLASSIFIED } from '../sink/recorder/marks.ts';

/** What the MIT-BIH database abbreviates in its notes. */
const NOTES: Readonly<Record<string, string>> = { MISSB: 'missed beat', PSE: 'pause', TS: 'tape slippage' };

const MARK_COLOUR = '#20408a';
/** Nothing else was seen, which is no finding to be printed below each strip. */
const NOTHING_ELSE = 'N';

/** @param labelOf how a beat's code is called; null: it is none. Left out: as the page shows it */
export function stripMarks(
  annotations: readonly Annotation[],
  labelOf: (code: number) => BeatLabel | null = shownLabelOf,
): StripMark[] {
  return annotations.flatMap((annotation): StripMark[] => {
    const { sample, code, subtype } = annotation;
    const label = labelOf(code);
    if (label !== null) {
      const isUnnamed = code === AnnotationCode.unclassifiable && subtype === NOT_CLASSIFIED;
      const { letter, ink } = CLASS_INKS[isUnnamed ? 'unclassified' : label];
      return [{ sample, text: letter, row: 'over', colour: ink }];
    }
    const words = wordsOf(annotation);
    return words === '' ? [] : [{ sample, text: words, row: 'under', colour: MARK_COLOUR }];
  });
}

function wordsOf(annotation: Annotation): string {
  const text = (annotation.aux ?? '').replace(/\0.*$/, '').trim();
  switch (annotation.code) {
    case AnnotationCode.rhythm: {
      const rhythm = text.replace(/^\(/, '');
      return rhythm === NOTHING_ELSE ? '' : rhythmName(rhythm);
    }
    case AnnotationCode.signalQuality:
      return text !== '' ? text : isShutdownMark(annotation) ? 'unreadable' : '';
    case AnnotationCode.note:
      return NOTES[text] ?? text;
    default:
      return '';
  }
}
