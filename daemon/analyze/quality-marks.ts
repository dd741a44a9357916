/**
 * Shutdown marks: `~` with both bits 0x30 of its subtype where nothing can be read, `~` without them where it can be
 * again (ANSI/AAMI EC57). WFDB's bxb takes the very next annotation for the end of a shutdown, so nothing stands between
 * the two: around a rhythm change inside it a shutdown ends and begins anew.
 */
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

const SHUTDOWN = 0x30;

/**
 * @param others beats and rhythm marks, by sample; marks stand before a beat at the same one: they say how to read it
 * @param shutdowns [from, to] in samples of the same rate, in order and apart
 * @param channel the signal's number
 */
export function withShutdowns(
  others: readonly Annotation[],
  shutdowns: readonly (readonly [from: number, to: number])[],
  channel: number,
): Annotation[] {
  const all: Annotation[] = [];
  let next = 0;
  const mark = (sample: number, subtype: number) =>
    all.push({ sample, code: AnnotationCode.signalQuality, subtype, channel, num: 0, aux: null });
  for (const [from, to] of shutdowns) {
    if (to <= from) continue;
    // What stands at the start itself goes before it, what stands at the end behind.
    for (; next < others.length && others[next]!.sample <= from; next++) all.push(others[next]!);
    mark(from, SHUTDOWN);
    while (next < others.length && others[next]!.sample < to) {
      const { sample } = others[next]!;
      mark(sample, 0);
      for (; next < others.length && others[next]!.sample === sample; next++) all.push(others[next]!);
      mark(sample, SHUTDOWN);
    }
    mark(to, 0);
  }
  for (; next < others.length; next++) all.push(others[next]!);
  return all;
}
