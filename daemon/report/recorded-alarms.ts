/** The alarms that the daemon told while it recorded, from its own log of them. */
import { createReadStream, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Alarm } from '@rhythmd/ecg/holter/report.ts';
import type { AlertPriority } from '@rhythmd/ecg/types.ts';

const DAY_MS = 86_400_000;
/** Alerts of other times and kinds of line are passed over without being parsed: strips are most of the file. */
const ALERT_LINE = '{"topic":"alert"';
const MAX_ALARMS = 20_000;

interface AlertLine {
  readonly id: string;
  readonly kind: string;
  readonly priority: AlertPriority;
  readonly phase: 'start' | 'update' | 'end';
  readonly t_ms: number;
  readonly start_t_ms: number;
}

/** @returns null when there is no log of those days: then nobody knows */
export async function recordedAlarms(
  recordingPath: string,
  startMs: number,
  endMs: number,
): Promise<Alarm[] | null> {
  const folder = dirname(recordingPath);
  const files = logsOf(folder, startMs, endMs);
  if (files.length === 0) return null;
  const alarms: { -readonly [Key in keyof Alarm]: Alarm[Key] }[] = [];
  const standing = new Map<string, (typeof alarms)[number]>();
  for (const name of files) {
    const lines = createInterface({ input: createReadStream(join(folder, name)) });
    for await (const line of lines) {
      const alert = line.startsWith(ALERT_LINE) ? parsed(line) : null;
      if (alert === null) continue;
      const { id, kind, priority, phase, t_ms, start_t_ms } = alert;
      const open = standing.get(id);
      if (open?.priority === priority && phase !== 'end') continue;
      if (open !== undefined) open.end_s = Math.max(open.start_s, (t_ms - startMs) / 1000);
      standing.delete(id);
      if (phase === 'end' || alarms.length >= MAX_ALARMS) continue;
      const alarm = { kind, priority, start_s: (start_t_ms - startMs) / 1000, end_s: null };
      alarms.push(alarm);
      standing.set(id, alarm);
    }
  }
  const lengthS = (endMs - startMs) / 1000;
  return alarms.filter(({ start_s, end_s }) => start_s < lengthS && (end_s ?? start_s) >= 0);
}

function logsOf(folder: string, startMs: number, endMs: number): string[] {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
  const first = day(startMs - DAY_MS);
  const last = day(endMs + DAY_MS);
  try {
    return readdirSync(folder)
      .filter((name) => {
        const date = /^alerts_(\d{8})\.jsonl$/.exec(name)?.[1];
        return date !== undefined && date >= first && date <= last;
      })
      .sort();
  } catch {
    return [];
  }
}

/** null for a line that a crash cut off. */
function parsed(line: string): AlertLine | null {
  try {
    return JSON.parse(line) as AlertLine;
  } catch {
    return null;
  }
}
