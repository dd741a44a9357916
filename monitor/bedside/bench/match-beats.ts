/**
 * Pairs two lists of beats in order of time, each with the nearest of the other within a window: enough to look at.
 * Figures come from `rhythmd score`, which pairs exactly as EC57 asks.
 */
export interface ReferenceBeat {
  readonly sample: number;
  readonly label: string;
}

/** Paced beats are of a class of their own in the reference, and of EC57's Q to a model of its classes. */
export function isSameClass(theirs: string, ours: string | null): boolean {
  return theirs === ours || (ours === 'Q' && (theirs === '/' || theirs === 'f'));
}

export interface Pair<Mine> {
  readonly theirs: ReferenceBeat | null;
  readonly mine: Mine | null;
}

export function matchBeats<Mine extends { readonly sample: number }>(
  reference: readonly ReferenceBeat[],
  ours: readonly Mine[],
  windowSamples: number,
): Pair<Mine>[] {
  const pairs: Pair<Mine>[] = [];
  let i = 0;
  let j = 0;
  while (i < reference.length || j < ours.length) {
    const theirs = reference[i] ?? null;
    const mine = ours[j] ?? null;
    if (theirs && mine && Math.abs(theirs.sample - mine.sample) <= windowSamples) {
      pairs.push({ theirs, mine });
      i++;
      j++;
    } else if (theirs && (!mine || theirs.sample < mine.sample)) {
      pairs.push({ theirs, mine: null });
      i++;
    } else {
      pairs.push({ theirs: null, mine });
      j++;
    }
  }
  return pairs;
}
