/** The hourly table: rates, ectopic beats, pauses, fibrillation. */
import type { HolterReport, Hour, HourEctopy } from '@rhythmd/ecg/holter/report.ts';
import { localTime, zoneIfChanged } from '../export/local-time.ts';
import type { Block } from './block.ts';
import { durationText } from './report-time.ts';

const UNKNOWN = '-';

export function hourTable({ hours }: Pick<HolterReport, 'hours'>, startMs: number | null): Block {
  return {
    kind: 'table',
    head: [
      'Hour',
      'readable',
      'beats',
      'rate',
      'least',
      'most',
      'V',
      'couplets',
      'runs',
      'S',
      'couplets',
      'runs',
      'pauses',
      'AF',
    ],
    rows: hours.map((hour) => row(hour, startMs)),
  };
}

function row(hour: Hour, startMs: number | null): string[] {
  const { from_s, recorded_s, readable_s, beats, mean_bpm, slowest_bpm, fastest_bpm } = hour;
  const time = startMs === null ? hourOfReport(from_s) : hourOf(startMs, startMs + from_s * 1000);
  if (recorded_s === 0) return [time, 'not recorded', ...Array<string>(12).fill('')];
  return [
    time,
    `${Math.round((100 * readable_s) / recorded_s)} %`,
    String(beats),
    bpm(mean_bpm),
    bpm(slowest_bpm),
    bpm(fastest_bpm),
    ...ectopy(hour.ventricular),
    ...ectopy(hour.supraventricular),
    hour.pauses === null ? UNKNOWN : String(hour.pauses),
    hour.atrial_fibrillation_s === null
      ? UNKNOWN
      : hour.atrial_fibrillation_s === 0
        ? '0'
        : durationText(hour.atrial_fibrillation_s),
  ];
}

/** `0:00:00`, `1:00:00`: the first hour like the others, for `0:00` beside `1:00:00` reads as minutes. */
function hourOfReport(fromS: number): string {
  return `${Math.round(fromS / 3600)}:00:00`;
}

function hourOf(startMs: number, timeMs: number): string {
  return `${localTime(timeMs).slice(5, 16)}${zoneIfChanged(startMs, timeMs)}`;
}

function bpm(value: number | null): string {
  return value === null ? UNKNOWN : String(Math.round(value));
}

function ectopy(counts: HourEctopy | null): string[] {
  return counts === null
    ? [UNKNOWN, UNKNOWN, UNKNOWN]
    : [counts.beats, counts.couplets, counts.runs].map(String);
}
