/** A line now and then about a report that takes long. */

/** A report of labels that are there is done before the first. */
const FIRST_MS = 2000;
const EVERY_MS = 5000;

export function reportProgress(
  io: { readonly err: (line: string) => void },
  now: () => number = () => performance.now(),
): (doing: string, share: number) => void {
  const startMs = now();
  let nextMs = startMs + FIRST_MS;
  return (doing, share) => {
    const nowMs = now();
    if (nowMs < nextMs || share <= 0) return;
    nextMs = nowMs + EVERY_MS;
    const elapsedS = (nowMs - startMs) / 1000;
    io.err(
      `report: ${doing}, ${Math.floor(100 * share)} %, ${Math.round(elapsedS / share - elapsedS)} s to go`,
    );
  };
}
