/** The alarms of a report, counted by kind. */
import { ALERT_PRIORITIES } from '../types.ts';
import type { Alarm, AlarmCount } from './report.ts';

export function countAlarms(alarms: readonly Alarm[]): AlarmCount[] {
  const counts = new Map<string, { -readonly [Key in keyof AlarmCount]: AlarmCount[Key] }>();
  for (const { kind, priority, start_s, end_s } of alarms) {
    const key = `${priority} ${kind}`;
    const count = counts.get(key) ?? { kind, priority, count: 0, longest_s: null };
    count.count++;
    if (end_s !== null) count.longest_s = Math.max(count.longest_s ?? 0, end_s - start_s);
    counts.set(key, count);
  }
  const rank = ({ priority }: AlarmCount) => ALERT_PRIORITIES.indexOf(priority);
  return [...counts.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
}
