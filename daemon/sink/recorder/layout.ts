/** How a stream is laid down in a recording: counts, scale, header. */
import type { StreamDescription } from '@rhythmd/ecg/types.ts';
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { formatStart } from '@rhythmd/ecg/wfdb/record-time.ts';

/** Format 16's lowest value: no sample here. */
export const LOST_SAMPLE = -32768;
export const MAX_COUNT = 32767;

/** A board's own counts are kept unless they are finer than this: 16 bits then still reach 32 mV. */
const FINEST_MICROVOLTS = 1;

/** A double has no more. */
const MOST_DIGITS = 16;

export interface LeadLayout {
  readonly name: string;
  /** Counts per millivolt. */
  readonly gain: number;
  /** How the counts relate to the board's, for people; null when they are the board's. */
  readonly note: string | null;
}

export interface Layout {
  readonly rateHz: number;
  readonly leads: readonly LeadLayout[];
  readonly comments: readonly string[];
}

export function layoutOf(description: StreamDescription, origin: string): Layout {
  const { leadNames, microvoltsPerCount, rateHz, board, firmware } = description;
  const leads = leadNames.map((name, index) => leadLayout(name, microvoltsPerCount[index] ?? null));
  const notes = leads.flatMap(({ name, note }) => (note === null ? [] : [`${name}: ${note}`]));
  return {
    rateHz,
    leads,
    comments: [
      ` recorded by ${origin}; times are UTC`,
      ` board ${board}${firmware === null ? '' : `, firmware ${firmware}`}`,
      ...notes.map((note) => ` ${note}`),
    ].map((comment) => comment.replace(/[\r\n]+/g, ' ')),
  };
}

function leadLayout(name: string, microvolts: number | null): LeadLayout {
  if (microvolts === null || !(microvolts > 0)) {
    return { name, gain: 1000, note: 'the board declares no scale, so millivolts are a guess' };
  }
  if (microvolts < FINEST_MICROVOLTS) {
    return { name, gain: 1000, note: `rounded to 1 uV; the board counts ${microvolts} uV` };
  }
  return { name, gain: shortestGain(microvolts), note: null };
}

/** Counts per millivolt with the fewest digits that give the same scale back: 204.8, not 204.79999999999998. */
export function shortestGain(microvolts: number): number {
  const gain = 1000 / microvolts;
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const short = Number(gain.toPrecision(digits));
    if (Math.abs(1000 / short / microvolts - 1) <= Number.EPSILON) return short;
  }
  return gain;
}

export interface WrittenSignal {
  readonly sampleCount: number;
  readonly firstValues: ArrayLike<number>;
  readonly checksums: ArrayLike<number>;
}

export function headerOf(
  name: string,
  startMs: number,
  layout: Layout,
  written: WrittenSignal,
): RecordHeader {
  const { baseTime, baseDate, comment } = formatStart(startMs);
  return {
    name,
    rateHz: layout.rateHz,
    sampleCount: written.sampleCount,
    baseTime,
    baseDate,
    signals: layout.leads.map((lead, index) => ({
      fileName: `${name}.dat`,
      format: 16,
      samplesPerFrame: 1,
      skew: 0,
      byteOffset: 0,
      gain: lead.gain,
      calibrated: true,
      baseline: 0,
      baselineGiven: true,
      units: 'mV',
      adcBits: 16,
      adcZero: 0,
      firstValue: written.firstValues[index] ?? 0,
      checksum: written.checksums[index] ?? 0,
      blockSize: 0,
      description: lead.name,
    })),
    segments: null,
    comments: [comment, ...layout.comments],
    encoding: 'utf8',
  };
}

/** `20261122_150000`, in UTC, to the nearest second: names sort by time. */
export function recordingName(startMs: number): string {
  return new Date(Math.round(startMs / 1000) * 1000)
    .toISOString()
    .slice(0, 19)
    .replace(/[-:]/g, '')
    .replace('T', '_');
}

export const RECORDING_NAME = /^\d{8}_\d{6}(?:_\d+)?$/;
