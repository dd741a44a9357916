/** How wide a text is in Helvetica, whose widths every reader of PDF has (Adobe's AFM of the core fonts, 1989). */

/** Of the characters from space to `~`, in thousandths of the size. */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const FIRST = 32;
const OTHERS = 556;
/** Helvetica-Bold is a little wider. */
const BOLD = 1.06;

/** In the unit of `size`. */
export function textWidth(text: string, size: number, isBold = false): number {
  let sum = 0;
  for (const character of text) sum += WIDTHS[character.charCodeAt(0) - FIRST] ?? OTHERS;
  return (sum / 1000) * size * (isBold ? BOLD : 1);
}

/** With an ellipsis where it is wider than there is room. */
export function shortened(text: string, size: number, room: number, isBold = false): string {
  if (textWidth(text, size, isBold) <= room) return text;
  let end = text.length;
  while (end > 0 && textWidth(`${text.slice(0, end)}...`, size, isBold) > room) end--;
  return `${text.slice(0, end).trimEnd()}...`;
}
