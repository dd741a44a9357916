/**
 * `/api/review/...`: what the recordings hold, by wall time. A stretch may cross the hours the recorder cuts at;
 * what was not recorded is left out, never filled.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { NO_VALUE, outline } from '@rhythmd/ecg/review/outline.ts';
import { TrendBuilder } from '@rhythmd/ecg/review/trend.ts';
import { AnnotationCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { encodeWaveFrame, WAVE_MAX_SAMPLES } from '@rhythmd/protocol/wave-frame.ts';
import { groupsIn } from '../../corrections/corrections.ts';
import type { PageFormat } from '../../export/page-formats.ts';
import { readPiece } from '../../export/piece.ts';
import { stripAbout } from '../../export/strip-about.ts';
import { drawPiece } from '../../export/strip-of-piece.ts';
import { A4_LANDSCAPE, PdfDocument } from '../../paper/pdf.ts';
import { paginate } from '../../paper/strip-pages.ts';
import { recordedAlarms } from '../../report/recorded-alarms.ts';
import { type Answer, json, problem } from '../respond.ts';
import type { Route, RouteInput } from '../route.ts';
import type { RecordingCache } from './recording-cache.ts';
import type { RecordingIndex } from './recording-index.ts';
import { ReviewShelf } from './review-shelf.ts';

const TREND_STEP_S = 60;
/** So many points are more than any screen shows. */
const MAX_TREND_POINTS = 20_000;
const MAX_TREND_MS = 7 * 24 * 3600_000;
const MAX_HOURS_MS = 2 * 3600_000;
const MAX_WAVE_MS = 10 * 60_000;
/** Ten minutes are sixty rows on paper. */
const MAX_DRAWN_MS = 10 * 60_000;
const PAGE_HEIGHT_MM = A4_LANDSCAPE.heightMm - 20;
const MAX_COLUMNS = 60 * 2000;

/**
 * @param device what exported files say they come from
 * @param shelf shared with whoever corrects; left out: nobody does, and corrections are only shown
 */
export function reviewRoutes(folder: string, device = 'rhythmd', shelf = new ReviewShelf(folder)): Route[] {
  const { index, cache, corrections } = shelf;
  const routes: Omit<Route, 'isLong'>[] = [
    { path: '/api/review', answer: () => json(listOf(index)) },
    {
      path: '/api/review/trend',
      answer: (input) =>
        within(input, MAX_TREND_MS, (span) => {
          const stepS = Number(input.query.get('step_s') ?? TREND_STEP_S);
          const points = (span.toMs - span.fromMs) / 1000 / stepS;
          if (!(stepS >= 1 && points <= MAX_TREND_POINTS)) return badQuery();
          return trend(index, cache, span, stepS);
        }),
    },
    {
      path: '/api/review/beats',
      answer: (input) => within(input, MAX_HOURS_MS, (span) => beats(index, cache, span)),
    },
    {
      path: '/api/review/wave',
      answer: (input) => within(input, MAX_WAVE_MS, (span) => wave(index, cache, span)),
    },
    {
      path: '/api/review/outline',
      answer: (input) =>
        within(input, MAX_HOURS_MS, (span) => {
          const columns = Number(input.query.get('columns') ?? 3600);
          const lead = Number(input.query.get('lead') ?? 0);
          if (!(columns > 0 && columns <= MAX_COLUMNS && lead >= 0)) return badQuery();
          return outlineOf(index, cache, span, Math.floor(columns), Math.floor(lead));
        }),
    },
    {
      path: '/api/review/strip.pdf',
      answer: (input) => within(input, MAX_DRAWN_MS, (span) => stripPdf(index, span, shelf.label)),
    },
    {
      path: '/api/review/report',
      answer: (input) => within(input, MAX_TREND_MS, ({ fromMs, toMs }) => shelf.reports.ask(fromMs, toMs)),
    },
    ...(['pdf', 'html'] as const).map((kind) => ({
      path: `/api/review/report.${kind}`,
      answer: (input: RouteInput) =>
        within(input, MAX_TREND_MS, ({ fromMs, toMs }) => shelf.reports.file(fromMs, toMs, kind)),
    })),
    {
      path: '/api/review/alarms',
      answer: (input) =>
        within(input, MAX_HOURS_MS, async ({ fromMs, toMs }) => {
          const alarms = (await recordedAlarms(join(folder, 'alerts'), fromMs, toMs)) ?? [];
          return json({ alarms: alarms.map(({ kind, priority }) => ({ kind, priority })) });
        }),
    },
    {
      path: '/api/review/corrections',
      answer: (input) =>
        within(input, MAX_HOURS_MS, ({ fromMs, toMs }) => json(corrections.listed(fromMs, toMs))),
    },
    {
      path: '/api/review/export',
      answer: async ({ query, params }) => {
        // Read when it is asked for: most daemons never are, and a small computer reads a program slowly.
        const { pageFormat } = await import('../../export/page-formats.ts');
        const format = pageFormat(query.get('format'));
        if (format === null) return badQuery();
        return within({ query, params }, format.longestMs, (span) => exported(index, span, format, device));
      },
    },
    {
      path: '/api/review/templates',
      answer: (input) => within(input, MAX_HOURS_MS, (span) => templates(index, cache, span)),
    },
  ];
  // Hours of samples are read and drawn.
  return routes.map((route) => ({ ...route, isLong: true }));
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

function within(
  { query }: RouteInput,
  longestMs: number,
  answer: (span: Span) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  const fromMs = Number(query.get('from_ms') ?? Number.NaN);
  const toMs = Number(query.get('to_ms') ?? Number.NaN);
  if (!(toMs > fromMs && toMs - fromMs <= longestMs)) return badQuery();
  return answer({ fromMs, toMs });
}

function badQuery(): Answer {
  return problem(400, 'E_REVIEW_QUERY', 'from_ms and to_ms, to_ms later and not too much later');
}

function listOf(index: RecordingIndex) {
  const recordings = index.list().map(({ name, startMs, endMs, rateHz, leads }) => ({
    name,
    start_ms: startMs,
    end_ms: endMs,
    rate_hz: rateHz,
    leads,
  }));
  return { recordings, unreadable: index.unreadable };
}

function trend(index: RecordingIndex, cache: RecordingCache, { fromMs, toMs }: Span, stepS: number): Answer {
  const builder = new TrendBuilder(fromMs, toMs, stepS);
  for (const recording of index.between(fromMs, toMs)) {
    const { beats, marks } = cache.annotations(recording);
    builder.add(recording.startMs, recording.endMs, recording.rateHz, beats, marks);
  }
  return json(builder.build());
}

/** Columns instead of objects: an hour holds five thousand beats. */
function beats(index: RecordingIndex, cache: RecordingCache, { fromMs, toMs }: Span): Answer {
  const times: number[] = [];
  const labels: (string | null)[] = [];
  const marks: { t_ms: number; kind: string; text: string }[] = [];
  for (const recording of index.between(fromMs, toMs)) {
    const timeOf = (sample: number) => recording.startMs + (sample / recording.rateHz) * 1000;
    const annotations = cache.annotations(recording);
    for (const { sample, label } of annotations.beats) {
      const at = timeOf(sample);
      if (at < fromMs || at >= toMs) continue;
      times.push(Math.round((at - fromMs) * 10) / 10);
      labels.push(label);
    }
    // The states the stretch begins in were said before it.
    let quality: (typeof marks)[number] | null = null;
    let rhythm: (typeof marks)[number] | null = null;
    for (const { sample, code, subtype, text } of annotations.marks) {
      const at = timeOf(sample);
      if (at >= toMs) break;
      const isQuality = code === AnnotationCode.signalQuality;
      const mark = { t_ms: at, kind: isQuality ? `quality ${subtype}` : mnemonicOf(code), text };
      if (at >= fromMs) marks.push(mark);
      else if (isQuality) quality = mark;
      else if (code === AnnotationCode.rhythm) rhythm = mark;
    }
    marks.push(...[quality, rhythm].filter((mark) => mark !== null));
  }
  return json({ from_ms: fromMs, t_ms: times, labels, marks });
}

/**
 * Waveform frames (wave-frame.ts) one after the other; sample indices count from `from_ms` at the rate in the
 * `x-rate-hz` header. A stretch whose rate differs from the first recording's is left out.
 */
function wave(index: RecordingIndex, cache: RecordingCache, { fromMs, toMs }: Span): Answer {
  const recordings = index.between(fromMs, toMs);
  const rateHz = recordings[0]?.rateHz ?? 0;
  const frames: Uint8Array[] = [];
  for (const recording of recordings) {
    if (recording.rateHz !== rateHz) continue;
    const { leads } = cache.signals(recording);
    const offset = Math.round(((recording.startMs - fromMs) / 1000) * rateHz);
    const from = Math.max(0, -offset);
    leads.forEach((samples, lead) => {
      const to = Math.min(samples.length, Math.round(((toMs - fromMs) / 1000) * rateHz) - offset);
      for (let at = from; at < to; at += WAVE_MAX_SAMPLES) {
        const piece = samples.subarray(at, Math.min(to, at + WAVE_MAX_SAMPLES));
        frames.push(encodeWaveFrame(lead, at + offset, piece, piece.length));
      }
    });
  }
  const names = recordings[0]?.leads ?? [];
  return {
    type: 'application/octet-stream',
    body: Buffer.concat(frames),
    headers: { 'x-rate-hz': String(rateHz), 'x-leads': encodeURIComponent(JSON.stringify(names)) },
  };
}

function outlineOf(
  index: RecordingIndex,
  cache: RecordingCache,
  { fromMs, toMs }: Span,
  columns: number,
  lead: number,
): Answer {
  const out = new Int16Array(2 * columns).fill(NO_VALUE);
  for (const recording of index.between(fromMs, toMs)) {
    const signal = cache.signals(recording).leads[lead];
    const { rateHz } = recording;
    if (!signal) continue;
    const offset = ((recording.startMs - fromMs) / 1000) * rateHz;
    outline(signal, offset, ((toMs - fromMs) / 1000) * rateHz, columns, out);
  }
  return { type: 'application/octet-stream', body: new Uint8Array(out.buffer) };
}

/**
 * At true scale, a row each ten seconds. A stretch across the cut shows the recording that holds more of it. Ten
 * minutes are seconds of drawing: after each page everything else gets its turn.
 */
async function stripPdf(index: RecordingIndex, { fromMs, toMs }: Span, label: string): Promise<Answer> {
  const recording = index.coveringMost(fromMs, toMs);
  if (!recording) return problem(404, 'E_REVIEW_EMPTY', 'nothing was recorded then');
  const { path, startMs, endMs } = recording;
  const fromS = Math.max(0, (fromMs - startMs) / 1000);
  const seconds = Math.min(toMs, endMs) / 1000 - startMs / 1000 - fromS;
  const piece = readPiece({ record: path, fromS, seconds, annotator: null, folders: [] });
  const document = new PdfDocument();
  try {
    const about = await stripAbout(piece, path, label);
    for (const page of paginate(drawPiece(piece, about), PAGE_HEIGHT_MM)) {
      document.add(page);
      await nextTurn();
    }
  } finally {
    piece.close();
  }
  const body = document.bytes();
  const stamp = new Date(Math.max(fromMs, startMs)).toISOString().slice(0, 19).replaceAll(':', '');
  return {
    type: 'application/pdf',
    body,
    headers: { 'content-disposition': `attachment; filename="ecg-${stamp}.pdf"` },
  };
}

/** For other programs. A stretch across a cut gives the recording that holds more of it. */
async function exported(
  index: RecordingIndex,
  { fromMs, toMs }: Span,
  { extension, type, content }: PageFormat,
  device: string,
): Promise<Answer> {
  const recording = index.coveringMost(fromMs, toMs);
  if (!recording) return problem(404, 'E_REVIEW_EMPTY', 'nothing was recorded then');
  const { path, startMs, endMs } = recording;
  const fromS = Math.max(0, (fromMs - startMs) / 1000);
  const seconds = Math.min(toMs, endMs) / 1000 - startMs / 1000 - fromS;
  const piece = readPiece({ record: path, fromS, seconds, annotator: null, folders: [] });
  const parts: Buffer[] = [];
  try {
    for (const part of content(piece, device)) {
      parts.push(typeof part === 'string' ? Buffer.from(part) : Buffer.from(part));
      await nextTurn();
    }
  } finally {
    piece.close();
  }
  const stamp = new Date(Math.max(fromMs, startMs)).toISOString().slice(0, 19).replaceAll(':', '');
  return {
    type,
    body: Buffer.concat(parts),
    headers: { 'content-disposition': `attachment; filename="ecg-${stamp}.${extension}"` },
  };
}

/** Of the recording that covers most of the stretch: a mean over different electrodes would mean nothing. */
function templates(index: RecordingIndex, cache: RecordingCache, { fromMs, toMs }: Span): Answer {
  const recording = index.coveringMost(fromMs, toMs);
  if (!recording) return json({ lead: null, templates: [] });
  const { startMs, rateHz, leads } = recording;
  const shown = groupsIn(cache, recording, fromMs, toMs).map(({ group: { first, ...group } }) => ({
    ...group,
    first_t_ms: startMs + (first / rateHz) * 1000,
  }));
  return json({ lead: leads[0], templates: shown });
}
