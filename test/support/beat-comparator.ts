/**
 * The comparison of EC57 as a program that reads two files once, in order, one beat ahead, and remembers the last two
 * shutdowns it met: how `bxb` is described to work. Slow and plain, to hold ours against.
 */
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode, isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

const END = 0x7fffffff;

class Tape {
  readonly #list: readonly Annotation[];
  readonly #window: number;
  #at = 0;
  now = 0;
  ahead = 0;
  shutdowns: (readonly [from: number, to: number])[] = [];

  constructor(list: readonly Annotation[], window: number) {
    this.#list = list;
    this.#window = window;
  }

  advance(): void {
    this.now = this.ahead;
    for (;;) {
      const annotation = this.#list[this.#at++];
      if (annotation === undefined) {
        this.ahead = END;
        return;
      }
      if (isBeatCode(annotation.code)) {
        this.ahead = annotation.sample;
        return;
      }
      if (!isShutdown(annotation)) continue;
      const next = this.#list[this.#at];
      if (next === undefined) this.#remember(annotation.sample, END);
      else if (next.code === AnnotationCode.signalQuality && !isShutdown(next)) {
        this.#at++;
        this.#remember(annotation.sample, next.sample);
      } else {
        const to = next.sample - this.#window;
        this.#remember(Math.min(this.now + this.#window, to), to);
      }
    }
  }

  isShut(sample: number): boolean {
    return this.shutdowns.some(([from, to]) => from <= sample && sample <= to);
  }

  #remember(from: number, to: number): void {
    this.shutdowns = [...this.shutdowns, [from, to] as const].slice(-2);
  }
}

function isShutdown({ code, subtype }: Annotation): boolean {
  return code === AnnotationCode.signalQuality && (subtype & 0x30) === 0x30;
}

/** @returns how many were paired, missed (o, x) and extra (O, X), from the first sample on */
export function countPairs(
  reference: readonly Annotation[],
  test: readonly Annotation[],
  window: number,
  end: number,
): Record<'paired' | 'o' | 'x' | 'O' | 'X', number> {
  const counts = { paired: 0, o: 0, x: 0, O: 0, X: 0 };
  const r = new Tape(reference, window);
  const t = new Tape(test, window);
  for (const tape of [r, t]) {
    tape.advance();
    tape.advance();
  }
  while (r.now <= end || t.now <= end) {
    if (t.now < r.now) {
      const next = Math.abs(r.now - t.ahead);
      if (r.now - t.now <= window && (r.now - t.now < next || Math.abs(r.ahead - t.ahead) < next)) {
        counts.paired++;
        r.advance();
      } else counts[r.isShut(t.now) ? 'X' : 'O']++;
      t.advance();
    } else {
      const next = Math.abs(t.now - r.ahead);
      if (t.now - r.now <= window && (t.now - r.now < next || Math.abs(t.ahead - r.ahead) < next)) {
        counts.paired++;
        t.advance();
      } else counts[t.isShut(r.now) ? 'x' : 'o']++;
      r.advance();
    }
  }
  return counts;
}
