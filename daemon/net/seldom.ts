/**
 * The first of many alike is news, the rest is a flood: passes one text a minute on, and says how many it kept back.
 * What strangers can make us say must not fill a disk or a log.
 */
const EVERY_MS = 60_000;

export function seldom(
  tell: (text: string) => void,
  now: () => number = () => performance.now(),
): (text: string) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  let kept = 0;
  return (text) => {
    const nowMs = now();
    if (nowMs - toldMs < EVERY_MS) {
      kept++;
      return;
    }
    tell(kept === 0 ? text : `${text} (and ${kept} more since the last such line)`);
    toldMs = nowMs;
    kept = 0;
  };
}
