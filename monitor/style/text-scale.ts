/** What canvases write grows with the text of the page: with the reader's own size, and on a screen on a wall (base.css). */

/** What browsers begin with. */
const USUAL_PX = 16;

export function textScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_PX;
}
