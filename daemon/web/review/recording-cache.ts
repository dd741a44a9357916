/**
 * Decoded recordings, the last few only: an hour of two leads is ten megabytes of samples. Decoding an hour takes
 * tens of milliseconds, during which nothing else runs; the source's own buffers bridge that.
 */

import { shownLabelOf } from '@rhythmd/ecg/beat/labels.ts';
import type { Reviewed } from '@rhythmd/ecg/review/corrections.ts';
import type { RecordedAnnotations, RecordedBeat, RecordedMark } from '@rhythmd/ecg/review/recorded.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readRecord, type WfdbRecord } from '@rhythmd/records/read-record.ts';
import { readReviewed } from '../../corrections/reviewed.ts';
import { NOT_CLASSIFIED } from '../../sink/recorder/marks.ts';
import type { Recording } from './recording-index.ts';

const SIGNALS_KEPT = 2;
/** A day of beats by hour, a megabyte an hour at most. */
const BEATS_KEPT = 26;

export class RecordingCache {
  readonly #signals = new Map<string, WfdbRecord>();
  readonly #annotations = new Map<string, RecordedAnnotations>();

  /** @throws RhythmdError of records/read-record.ts */
  signals(recording: Recording): WfdbRecord {
    return remembered(this.#signals, SIGNALS_KEPT, `${recording.path} ${recording.signalVersion}`, () =>
      readRecord(recording.path),
    );
  }

  /** Empty when there is no annotation file (yet). */
  annotations(recording: Recording): RecordedAnnotations {
    return remembered(this.#annotations, BEATS_KEPT, `${recording.path} ${recording.version}`, () =>
      readBeats(recording),
    );
  }
}

function readBeats({ path }: Recording): RecordedAnnotations {
  const beats: RecordedBeat[] = [];
  const marks: RecordedMark[] = [];
  let reviewed: Reviewed;
  try {
    reviewed = readReviewed(path);
  } catch {
    return { beats, marks };
  }
  for (const { sample, code, subtype, aux } of reviewed.annotations) {
    const label = shownLabelOf(code);
    if (label === null) marks.push({ sample, code, subtype, text: (aux ?? '').replace(/\0+$/, '') });
    else {
      beats.push({ sample, label: isUnnamed(code, subtype) ? null : label, seen: reviewed.seen.has(sample) });
    }
  }
  return { beats, marks };
}

/** A beat that no model has named. */
function isUnnamed(code: number, subtype: number): boolean {
  return code === AnnotationCode.unclassifiable && subtype === NOT_CLASSIFIED;
}

function remembered<T>(map: Map<string, T>, bound: number, key: string, make: () => T): T {
  const known = map.get(key);
  const value = known ?? make();
  map.delete(key);
  map.set(key, value);
  if (map.size > bound) map.delete(map.keys().next().value!);
  return value;
}
