/**
 * Whether memory grows with the signal, or only fills until the engine sweeps: hours of it, played faster than life. Ten minutes
 * cannot tell, as a heap of 15 MB is swept whole every ten minutes or so.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { attended, residentMb } from './footprint.ts';

const SPEED = 20;
const PARTS = 5;
const LOOK_EVERY_MS = 2000;

export interface Growth {
  readonly executor: string;
  readonly speed: number;
  readonly signalHours: number;
  /** Of each fifth of the time: the least and the most that was in memory. */
  readonly parts: readonly { readonly lowestMb: number; readonly highestMb: number }[];
}

/** @param place of the program; @param record what is played, again and again */
export async function measureGrowth(place: string, record: string, minutes: number): Promise<Growth> {
  const source = `wfdb://${record}?speed=${SPEED}&loop=true`;
  return attended(place, source, async (pid, signalS) => {
    const parts = [];
    for (let part = 0; part < PARTS; part++) {
      let [lowestMb, highestMb] = [Number.POSITIVE_INFINITY, 0];
      const end = performance.now() + (minutes * 60_000) / PARTS;
      while (performance.now() < end) {
        await sleep(LOOK_EVERY_MS);
        const mb = residentMb(pid);
        lowestMb = Math.min(lowestMb, mb);
        highestMb = Math.max(highestMb, mb);
      }
      parts.push({ lowestMb, highestMb });
    }
    return { speed: SPEED, signalHours: signalS() / 3600, parts };
  });
}
