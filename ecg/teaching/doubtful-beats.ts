/**
 * The beats of a stretch of time that a person should be asked about: half of them because the classifier wavers over S,
 * half because it wavers over V. Bounded: of each kind the most doubtful are kept.
 */
import { type BeatLook, copyOfLook } from './beat-look.ts';
import { alikeInTime } from './lesson.ts';

/** Asked for at once: what a person has patience for. */
export const QUESTIONS = 12;
/** Kept of each kind, for a dozen questions that are not all alike. */
const KEPT = 48;
/**
 * A beat that comes as another one that is asked about is as good as this much more certain (ln of odds). Of beats of one
 * shape as many are asked as are doubtful: spreading those too made ventricular beats worse.
 */
const ALIKE_COSTS = 1;

export interface DoubtfulBeat<Facts> {
  readonly sample: number;
  readonly look: BeatLook;
  readonly facts: Facts;
}

interface Kept<Facts> extends DoubtfulBeat<Facts> {
  readonly doubtS: number;
  readonly doubtV: number;
}

export class DoubtfulBeats<Facts> {
  readonly #aboutS: Kept<Facts>[] = [];
  readonly #aboutV: Kept<Facts>[] = [];

  /** A beat as the classifier judges it without lessons; the look is copied where it is kept. */
  push(sample: number, look: BeatLook, facts: Facts): void {
    // How far each class is from the best of the others: 0 is the flip of a coin.
    const doubtS = Math.abs(look.oddsS - Math.max(0, look.oddsV));
    const doubtV = Math.abs(look.oddsV - Math.max(0, look.oddsS));
    const isAboutS = isAmong(this.#aboutS, doubtS, 'doubtS');
    const isAboutV = isAmong(this.#aboutV, doubtV, 'doubtV');
    if (!isAboutS && !isAboutV) return;
    const kept = { sample, look: copyOfLook(look), facts, doubtS, doubtV };
    if (isAboutS) insert(this.#aboutS, kept, 'doubtS');
    if (isAboutV) insert(this.#aboutV, kept, 'doubtV');
  }

  /** What can no longer be shown is no longer asked. */
  forgetBefore(sample: number): void {
    for (const list of [this.#aboutS, this.#aboutV]) {
      for (let i = list.length - 1; i >= 0; i--) if (list[i]!.sample < sample) list.splice(i, 1);
    }
  }

  /**
   * The least certain, S and V in turn, the most doubtful first.
   * @param isShown a beat that is refused here is passed over
   * @returns at most `count`, fewer when there are no more
   */
  choose(count: number, isShown: (beat: DoubtfulBeat<Facts>) => boolean = () => true): DoubtfulBeat<Facts>[] {
    const chosen: Kept<Facts>[] = [];
    const lists = [this.#aboutS, this.#aboutV] as const;
    const costs = this.#aboutS.map(({ doubtS }) => doubtS);
    const certain = [costs, this.#aboutV.map(({ doubtV }) => doubtV)] as const;
    for (const [k, list] of lists.entries())
      for (const [i, beat] of list.entries()) if (!isShown(beat)) certain[k]![i] = Number.POSITIVE_INFINITY;
    let misses = 0;
    for (let turn = 0; chosen.length < count && misses < 2; turn++) {
      const k = turn % 2;
      const at = leastOf(lists[k]!, certain[k]!, chosen);
      misses = at < 0 ? misses + 1 : 0;
      if (at < 0) continue;
      const beat = lists[k]![at]!;
      chosen.push(beat);
      for (const [i, other] of this.#aboutS.entries())
        costs[i]! += ALIKE_COSTS * alikeInTime(other.look, beat.look);
    }
    return chosen;
  }
}

function leastOf<Facts>(
  list: readonly Kept<Facts>[],
  costs: readonly number[],
  chosen: readonly Kept<Facts>[],
): number {
  let best = -1;
  for (const [i, beat] of list.entries()) {
    if (!Number.isFinite(costs[i]) || chosen.includes(beat)) continue;
    if (best < 0 || costs[i]! < costs[best]!) best = i;
  }
  return best;
}

function isAmong<Facts>(list: readonly Kept<Facts>[], doubt: number, key: 'doubtS' | 'doubtV'): boolean {
  return list.length < KEPT || doubt < list.at(-1)![key];
}

/** Sorted by doubt, the earlier beat first where equal. */
function insert<Facts>(list: Kept<Facts>[], beat: Kept<Facts>, key: 'doubtS' | 'doubtV'): void {
  let at = list.length;
  while (at > 0 && list[at - 1]![key] > beat[key]) at--;
  list.splice(at, 0, beat);
  if (list.length > KEPT) list.pop();
}
