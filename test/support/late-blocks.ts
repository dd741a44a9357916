/** Two leads of which the second comes late and unevenly, made on the page itself; and what is seen of them on the paper. */
import { STRIP_PICTURE } from './strip-picture.ts';

/**
 * An expression for the page: from now on every 100 ms a block of the first lead, and those of the second 0 to 1.7 s later.
 * `window.latestMs`: how late one came at most. The page's promise is for two seconds, which a busy machine may not keep.
 */
export const playLateBlocks = (motion: 'sweep' | 'scroll') => `(() => {
  rhythmd.settings.change({ band: 'off', motion: '${motion}' });
  const due = [];
  let block = 0;
  window.latestMs = 0;
  setInterval(() => {
    const samples = () => new Float32Array(36);
    rhythmd.signal.wave({ lead: 0, first: 36 * block, samples: samples() });
    const now = performance.now();
    due.push({ first: 36 * block, since: now, at: now + [0, 1700, 300, 900, 50][block % 5] });
    while (due.length > 0 && due[0].at <= now) {
      window.latestMs = Math.max(window.latestMs, now - due[0].since);
      rhythmd.signal.wave({ lead: 1, first: due.shift().first, samples: samples() });
    }
    block++;
  }, 100);
})()`;

export interface InkedColumns {
  readonly both: number;
  /** The pen's own place and the edge of the erase bar are a few. */
  readonly one: number;
}

/** How many columns of the paper have a line of both leads, and how many of one alone. Value: InkedColumns. */
export const INKED_COLUMNS = `(() => {
  const { data, width, height } = ${STRIP_PICTURE};
  const inked = (x, from, to) => {
    for (let y = from; y < to; y++) if (data[4 * (y * width + x) + 3] > 100) return true;
    return false;
  };
  let both = 0, one = 0;
  for (let x = 60; x < width; x++) {
    const upper = inked(x, 44, height >> 1);
    const lower = inked(x, height >> 1, height - 20);
    if (upper && lower) both++;
    else if (upper || lower) one++;
  }
  return { both, one };
})()`;
