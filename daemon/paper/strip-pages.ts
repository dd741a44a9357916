/** A long strip in rows, the rows on pages. */
import type { Drawing, Grid, Line, Text } from '@rhythmd/ecg/paper/drawing.ts';
import { drawStrip, type Strip } from '@rhythmd/ecg/paper/strip.ts';

/** As much as fits the width of A4 across, and what clinicians are used to. */
const ROW_SECONDS = 10;
const ROW_GAP_MM = 3;

/** Each row a strip of its own, with the time it begins. Drawn one at a time, when asked for. */
export function* stripRows(strip: Strip, titleOf: (sample: number) => string): Generator<Drawing> {
  const rowSamples = Math.round(ROW_SECONDS * strip.rateHz);
  for (let offset = 0; offset < strip.count; offset += rowSamples) {
    const first = strip.first + offset;
    const isLast = offset + rowSamples >= strip.count;
    yield drawStrip({
      ...strip,
      first,
      count: Math.min(rowSamples, strip.count - offset),
      title: offset === 0 ? strip.title : titleOf(first),
      footer: isLast ? strip.footer : '',
    });
  }
}

/** Rows below one another, on pages of at most `heightMm`; a row that is higher alone has its page all the same. */
export function* paginate(rows: Iterable<Drawing>, heightMm: number): Generator<Drawing> {
  let page: Drawing[] = [];
  let used = 0;
  for (const row of rows) {
    if (page.length > 0 && used + ROW_GAP_MM + row.heightMm > heightMm) {
      yield stack(page);
      page = [];
      used = 0;
    }
    used += (page.length > 0 ? ROW_GAP_MM : 0) + row.heightMm;
    page.push(row);
  }
  if (page.length > 0) yield stack(page);
}

export function stack(rows: readonly Drawing[]): Drawing {
  const items: (Grid | Line | Text)[] = [];
  let y = 0;
  let widthMm = 0;
  for (const row of rows) {
    for (const item of row.items) items.push(moved(item, y));
    y += row.heightMm + ROW_GAP_MM;
    widthMm = Math.max(widthMm, row.widthMm);
  }
  return { widthMm, heightMm: Math.max(0, y - ROW_GAP_MM), items };
}

function moved(item: Grid | Line | Text, down: number): Grid | Line | Text {
  if (item.kind !== 'line') return { ...item, y: item.y + down };
  return { ...item, points: item.points.map((value, index) => (index % 2 === 1 ? value + down : value)) };
}
