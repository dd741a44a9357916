/** Processor time by Linux's own count: user and system time of all threads (proc(5), fields 14 and 15). */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts it in hundredths of a second (USER_HZ). */
const TICKS_PER_S = 100;

export function cpuSeconds(pid: number): number {
  const fields = fieldsOf(pid) ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** Of every process that this one started, and that those did: a browser is many. */
export function cpuSecondsBelow(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? fieldsOf(Number(name)) : null;
    if (fields) parents.set(Number(name), Number(fields[1]));
  }
  const isBelow = (child: number | undefined): boolean => {
    const parent = child === undefined ? undefined : parents.get(child);
    return parent !== undefined && (parent === pid || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow).reduce((sum, child) => sum + cpuSeconds(child), 0);
}

/** From the third on, the state; null of a process that ended meanwhile. */
function fieldsOf(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return null;
  }
}
