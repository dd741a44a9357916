/**
 * What a person corrects in recordings while the daemon runs: the requests `review.correct` and `review.undo`. A correction
 * is in force when its journal line is on the disk; the annotation file made of it may come later, after a crash at the next start.
 */
import { randomUUID } from 'node:crypto';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { beatGroups } from '@rhythmd/ecg/review/beat-groups.ts';
import { type Correction, REVIEW_LABELS, REVIEW_RHYTHMS, standing } from '@rhythmd/ecg/review/corrections.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { RequestAnswer, RequestBody } from '@rhythmd/protocol/requests.ts';
import type { Requester, RequestHandlers } from '../requests/gateway.ts';
import type { RecordingCache } from '../web/review/recording-cache.ts';
import type { Recording, RecordingIndex } from '../web/review/recording-index.ts';
import { appendToJournal, readJournal } from './journal.ts';
import { isReviewedStale, writeReviewed } from './reviewed.ts';

/** A beat is named by its moment on a page, which rounds to a tenth of a millisecond; nearer than this is no other beat. */
const SAME_BEAT_MS = 75;
const SAME_MARK_MS = 20;
/** What a page shows at once. */
const MAX_STRETCH_MS = 2 * 3600_000;

type Correct = RequestBody<'review.correct'>;
type Answer = RequestAnswer<'review.correct'>;

export interface CorrectionParts {
  readonly index: RecordingIndex;
  readonly cache: RecordingCache;
  readonly nowMs: () => number;
  /** Told when the file for WFDB's tools could not be made; what was corrected is in force all the same. */
  readonly onProblem: (text: string) => void;
}

interface Target {
  readonly recording: Recording;
  readonly beats: readonly number[];
  readonly rhythm: number | null;
}

/** The handlers throw E_REVIEW_TARGET, E_REVIEW_CHANGED, E_REVIEW_UNDO, E_REVIEW_WRITE, E_REVIEW_QUERY, E_REQUEST_BODY. */
export class Corrections {
  readonly #parts: CorrectionParts;

  constructor(parts: CorrectionParts) {
    this.#parts = parts;
  }

  get handlers(): Pick<RequestHandlers, 'review.correct' | 'review.undo'> {
    return {
      'review.correct': (body, requester) => this.#correct(body, requester),
      'review.undo': (body, requester) => this.#undo(body, requester),
    };
  }

  /** What a crash left unmade. */
  mend(): void {
    for (const { path } of this.#parts.index.list()) if (isReviewedStale(path)) this.#write(path);
  }

  /** Corrections of a stretch, the latest first; and how many lines its journals have. */
  listed(fromMs: number, toMs: number) {
    const recordings = this.#parts.index.between(fromMs, toMs).map((recording) => {
      const lines = readJournal(recording.path);
      const inForce = new Set(standing(lines).map(({ id }) => id));
      return { recording, lines, inForce };
    });
    const corrections = recordings.flatMap(({ recording, lines, inForce }) =>
      lines.flatMap((line) => {
        if ('undo' in line) return [];
        const { id, t_ms, by, action, beats, rhythm, label, note } = line;
        const sample = rhythm ?? beats[0] ?? 0;
        const at_ms = recording.startMs + (sample / recording.rateHz) * 1000;
        return [{ id, t_ms, by, action, beats: beats.length, label, note, at_ms, in_force: inForce.has(id) }];
      }),
    );
    return {
      revision: recordings.reduce((sum, { lines }) => sum + lines.length, 0),
      corrections: corrections.sort((a, b) => b.t_ms - a.t_ms),
    };
  }

  #correct(body: Correct, { user }: Requester): Answer {
    const { action, label = null, note = null, by = null } = body;
    this.#refuseStretch(body);
    this.#refuseStranger(body);
    const target = this.#target(body);
    refuseLabel(body, target);
    const correction: Correction = {
      id: randomUUID(),
      t_ms: this.#parts.nowMs(),
      by: by?.trim() ?? user,
      action,
      beats: target.beats,
      rhythm: target.rhythm,
      label: action === 'relabel' ? label : null,
      note: note?.trim() ?? null,
    };
    appendToJournal(target.recording.path, correction);
    return this.#written(target.recording, body, correction.id, target.beats.length);
  }

  #undo(body: RequestBody<'review.undo'>, { user }: Requester): Answer {
    this.#refuseStretch(body);
    this.#refuseStranger(body);
    const all = this.#parts.index
      .between(body.from_ms, body.to_ms)
      .flatMap((recording) =>
        standing(readJournal(recording.path)).map((correction) => ({ recording, correction })),
      );
    const [latest] =
      body.id === undefined
        ? all.sort((a, b) => b.correction.t_ms - a.correction.t_ms)
        : all.filter(({ correction }) => correction.id === body.id);
    if (latest === undefined) {
      throw new RhythmdError('E_REVIEW_UNDO', 'there is no correction to take back in this stretch', '');
    }
    const { recording, correction } = latest;
    const t_ms = this.#parts.nowMs();
    appendToJournal(recording.path, { undo: correction.id, t_ms, by: body.by?.trim() ?? user });
    return this.#written(recording, body, correction.id, correction.beats.length);
  }

  #written(
    recording: Recording,
    { from_ms, to_ms }: Correct | RequestBody<'review.undo'>,
    id: string,
    beats: number,
  ): Answer {
    this.#write(recording.path);
    this.#parts.index.refresh();
    return { id, recording: recording.name, beats, revision: this.#revision(from_ms, to_ms) };
  }

  #write(path: string): void {
    try {
      writeReviewed(path);
    } catch (error) {
      this.#parts.onProblem(
        `${path}.rev cannot be written, its journal has all of it: ${(error as Error).message}`,
      );
    }
  }

  #revision(fromMs: number, toMs: number): number {
    return this.#parts.index
      .between(fromMs, toMs)
      .reduce((sum, { path }) => sum + readJournal(path).length, 0);
  }

  #refuseStretch({ from_ms, to_ms }: { readonly from_ms: number; readonly to_ms: number }): void {
    if (to_ms > from_ms && to_ms - from_ms <= MAX_STRETCH_MS) return;
    throw new RhythmdError('E_REVIEW_QUERY', 'to_ms is not later than from_ms, or hours later', '');
  }

  /** What a person has not seen is not corrected over. */
  #refuseStranger({ from_ms, to_ms, revision }: RequestBody<'review.undo'>): void {
    if (revision === undefined || revision === this.#revision(from_ms, to_ms)) return;
    throw new RhythmdError(
      'E_REVIEW_CHANGED',
      'somebody else has corrected this stretch meanwhile',
      'It is shown as it is now: look again',
    );
  }

  #target(body: Correct): Target {
    const { template, beat_t_ms, rhythm_t_ms } = body;
    const named = [template, beat_t_ms, rhythm_t_ms].filter((value) => value !== undefined);
    if (named.length !== 1) {
      throw new RhythmdError(
        'E_REQUEST_BODY',
        'exactly one of template, beat_t_ms and rhythm_t_ms says what is corrected',
        'See docs/protocol.md.',
      );
    }
    if (template !== undefined) return this.#groupOf(body, template);
    return beat_t_ms !== undefined ? this.#beatAt(beat_t_ms) : this.#rhythmAt(rhythm_t_ms!);
  }

  #groupOf({ from_ms, to_ms }: Correct, template: string): Target {
    const { index, cache } = this.#parts;
    const recording = index.coveringMost(from_ms, to_ms);
    const groups = recording === null ? [] : groupsIn(cache, recording, from_ms, to_ms);
    const found = groups.find(({ group }) => group.id === template);
    if (recording === null || found === undefined)
      throw noTarget('no beats of this stretch are that template');
    return { recording, beats: found.samples, rhythm: null };
  }

  #beatAt(timeMs: number): Target {
    const { recording, annotations } = this.#recordingAt(timeMs);
    const sample = nearest(annotations.beats, recording, timeMs, SAME_BEAT_MS);
    if (sample === null) throw noTarget('there is no beat at that moment');
    return { recording, beats: [sample], rhythm: null };
  }

  #rhythmAt(timeMs: number): Target {
    const { recording, annotations } = this.#recordingAt(timeMs);
    const marks = annotations.marks.filter(({ code }) => code === AnnotationCode.rhythm);
    const sample = nearest(marks, recording, timeMs, SAME_MARK_MS);
    if (sample === null) throw noTarget('no rhythm begins at that moment');
    return { recording, beats: [], rhythm: sample };
  }

  #recordingAt(timeMs: number) {
    const { index, cache } = this.#parts;
    const recording = index.coveringMost(timeMs - 1, timeMs + 1);
    if (recording === null) throw noTarget('nothing was recorded at that moment');
    return { recording, annotations: cache.annotations(recording) };
  }
}

/** Beats of one recording that look alike, within a stretch; what the page shows and what a correction means. */
export function groupsIn(cache: RecordingCache, recording: Recording, fromMs: number, toMs: number) {
  const { startMs, rateHz } = recording;
  const [lead] = cache.signals(recording).leads;
  const timeOf = (sample: number) => startMs + (sample / rateHz) * 1000;
  const inside = cache
    .annotations(recording)
    .beats.filter(({ sample }) => timeOf(sample) >= fromMs && timeOf(sample) < toMs);
  return lead === undefined ? [] : beatGroups(lead, rateHz, inside);
}

function nearest(
  placed: readonly { readonly sample: number }[],
  { startMs, rateHz }: Recording,
  timeMs: number,
  withinMs: number,
): number | null {
  let best: number | null = null;
  let distance = withinMs;
  for (const { sample } of placed) {
    const away = Math.abs(startMs + (sample / rateHz) * 1000 - timeMs);
    if (away > distance) continue;
    distance = away;
    best = sample;
  }
  return best;
}

function refuseLabel({ action, label }: Correct, { rhythm }: Target): void {
  if (action !== 'relabel') return;
  const known: readonly string[] = rhythm === null ? REVIEW_LABELS : REVIEW_RHYTHMS;
  if (label !== undefined && known.includes(label)) return;
  throw new RhythmdError(
    'E_REQUEST_BODY',
    `label: ${rhythm === null ? 'beats are' : 'a rhythm is'} one of ${known.join(', ')}`,
    'See docs/protocol.md.',
  );
}

function noTarget(message: string): RhythmdError {
  return new RhythmdError('E_REVIEW_TARGET', message, 'Look again: it may have been corrected meanwhile');
}
