/** Which recordings a report is made of, and where each lies on its axis of time. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { type OpenOptions, openRecord } from '@rhythmd/records/open-record.ts';
import { clockTime } from '../score/clock-time.ts';
import { RecordingIndex } from '../web/review/recording-index.ts';

/** A longer one is several reports. */
const MAX_REPORT_S = 8 * 24 * 3600;

/** A moment of the clock, or a time from the beginning. */
export type ReportLimit = { readonly ms: number } | { readonly s: number };

export interface PartsRequest {
  /** Paths or names; none: our own recordings between the limits, which are moments then. */
  readonly records: readonly string[];
  readonly from: ReportLimit | null;
  readonly to: ReportLimit | null;
  readonly folders: readonly string[];
  /** Where our own recordings are. */
  readonly recordingsFolder: string;
  readonly options: OpenOptions;
}

/** A stretch of one recording. */
export interface ReportPart {
  readonly record: string;
  readonly path: string;
  readonly rateHz: number;
  /** The first sample that belongs to the report, and how many do. */
  readonly first: number;
  readonly sampleCount: number;
  /** Of that sample, in seconds from the report's beginning. */
  readonly fromS: number;
  readonly comments: readonly string[];
}

export interface ReportParts {
  readonly parts: readonly ReportPart[];
  /** Wall time of the report's beginning; null where the recordings have none. */
  readonly startMs: number | null;
  /** Records without a time of day, or with times that overlap, stand one after the other. */
  readonly isStrungTogether: boolean;
}

interface Found {
  readonly record: string;
  readonly path: string;
  readonly rateHz: number;
  readonly sampleCount: number;
  readonly startMs: number | null;
  readonly comments: readonly string[];
}

/** @throws RhythmdError as openRecord; E_RECORDING_TIME, E_PIECE, E_REPORT_TIME, E_REPORT_LONG */
export function reportParts(request: PartsRequest): ReportParts {
  const found = request.records.length > 0 ? namedRecords(request) : ownRecordings(request);
  const ordered = [...found].sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0));
  const isTimed = ordered.every(
    ({ startMs }, i) => startMs !== null && (i === 0 || startMs >= endMsOf(ordered[i - 1]!) - 1000),
  );
  const beginMs = isTimed ? (ordered[0]?.startMs ?? null) : null;
  let nextS = 0;
  const placed = (isTimed ? ordered : found).map((each) => {
    const fromS = beginMs === null ? nextS : (each.startMs! - beginMs) / 1000;
    nextS = fromS + each.sampleCount / each.rateHz;
    return { ...each, fromS, toS: nextS };
  });
  const limit = (bound: ReportLimit | null, otherwise: number): number => {
    if (bound === null) return otherwise;
    if ('s' in bound) return bound.s;
    if (beginMs !== null) return (bound.ms - beginMs) / 1000;
    throw new RhythmdError(
      'E_REPORT_TIME',
      'the record does not say at which time of day it begins',
      'Say --from and --to as times from its beginning, such as 1:00:00',
    );
  };
  const fromS = Math.max(0, limit(request.from, 0));
  const toS = Math.min(nextS, limit(request.to, nextS));
  const touching = placed.filter((part) => part.fromS < toS && part.toS > fromS);
  const begin = Math.max(fromS, touching[0]?.fromS ?? 0);
  if (touching.length === 0) {
    throw new RhythmdError(
      'E_PIECE',
      fromS >= nextS
        ? `the recording ends at ${clockTime(nextS)}, before ${clockTime(fromS)}`
        : 'nothing was recorded between --from and --to',
      'Choose other times',
    );
  }
  if (toS - begin > MAX_REPORT_S) {
    throw new RhythmdError(
      'E_REPORT_LONG',
      `a report of ${Math.ceil((toS - begin) / 86400)} days is asked for, and ${MAX_REPORT_S / 86400} are the most`,
      'Say --from and --to',
    );
  }
  return {
    startMs: beginMs === null ? null : beginMs + begin * 1000,
    isStrungTogether: !isTimed && found.length > 1,
    parts: touching.map(({ record, path, rateHz, sampleCount, comments, ...part }) => {
      const first = Math.max(0, Math.round((begin - part.fromS) * rateHz));
      const last = Math.min(sampleCount, Math.max(first, Math.round((toS - part.fromS) * rateHz)));
      return {
        record,
        path,
        rateHz,
        first,
        sampleCount: last - first,
        fromS: Math.max(0, part.fromS - begin),
        comments,
      };
    }),
  };
}

function endMsOf({ startMs, sampleCount, rateHz }: Found): number {
  return (startMs ?? 0) + (sampleCount / rateHz) * 1000;
}

function namedRecords({ records, folders, options }: PartsRequest): Found[] {
  return records.map((name) => foundAt(name, { ...options, folders }));
}

function foundAt(name: string, options: OpenOptions): Found {
  const record = openRecord(name, options);
  record.close();
  return {
    record: record.name,
    path: record.path,
    rateHz: record.rateHz,
    sampleCount: record.sampleCount,
    startMs: startOf(record.header),
    comments: record.header.comments,
  };
}

function ownRecordings({ from, to, recordingsFolder, options }: PartsRequest): Found[] {
  const fromMs = from !== null && 'ms' in from ? from.ms : Number.NEGATIVE_INFINITY;
  const toMs = to !== null && 'ms' in to ? to.ms : Number.POSITIVE_INFINITY;
  const index = new RecordingIndex(recordingsFolder);
  const between = index.between(fromMs, toMs);
  if (index.unreadable > 0) {
    options.warn?.(`${index.unreadable} recordings in ${recordingsFolder} cannot be read and are left out`);
  }
  if (between.length > 0) return between.map(({ path }) => foundAt(path, options));
  throw new RhythmdError(
    'E_RECORDING_TIME',
    `nothing was recorded in that time in ${recordingsFolder}`,
    'The names of the recordings there say when each begins, in UTC',
  );
}
