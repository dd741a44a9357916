/** A line now and then about an analysis that takes long: how far it is, how fast, how long it will still take. */
import type { RecordReader } from '@rhythmd/records/record-reader.ts';
import { clockTime } from '../score/clock-time.ts';

/** Shorter analyses say nothing but their result. */
const EVERY_MS = 10_000;

/** @param io lines for people go to `err`: what is analysed goes to `out` */
export function progressLine(
  { name, sampleCount, rateHz }: Pick<RecordReader, 'name' | 'sampleCount' | 'rateHz'>,
  io: { readonly err: (line: string) => void },
  now: () => number = () => performance.now(),
): (share: number) => void {
  const startMs = now();
  let saidMs = startMs;
  return (share) => {
    const nowMs = now();
    if (nowMs - saidMs < EVERY_MS || share <= 0) return;
    saidMs = nowMs;
    const elapsedS = (nowMs - startMs) / 1000;
    const durationS = sampleCount / rateHz;
    const left = Math.round(elapsedS / share - elapsedS);
    const speed = Math.round((share * durationS) / elapsedS);
    io.err(
      `${name}: ${clockTime(Math.round(share * durationS))} of ${clockTime(Math.round(durationS))} (${Math.floor(100 * share)} %), ${speed}x real time, ${left} s to go`,
    );
  };
}
