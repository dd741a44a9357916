/** A plot as inline SVG: axes, grid, lines, points with their words. Colours are the page's (style.ts). */
import { escapeMarkup } from './markup.ts';
import { type LegendEntry, type Plot, type Point, positionOn, type Series } from './plot.ts';
import { outlineOf } from './shapes.ts';

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** In units of the drawing, at full width about a pixel each. */
export const FRAMES: Readonly<Record<Plot['size'], Frame>> = {
  large: { width: 860, height: 460, left: 68, right: 18, top: 14, bottom: 52 },
  small: { width: 310, height: 200, left: 58, right: 10, top: 10, bottom: 44 },
};

export function plotSvg(plot: Plot): string {
  const { width, height } = FRAMES[plot.size];
  const label = escapeMarkup(`${plot.title}. ${plot.description}`.trim());
  return [
    `<svg viewBox="0 0 ${width} ${height}" class="plot ${plot.size}" role="img" aria-label="${label}">`,
    ...gridOf(plot),
    ...plot.series.filter(({ joined }) => joined).map((series) => lineOf(plot, series)),
    ...plot.series.flatMap((series) => series.points.map((point) => markerOf(plot, series, point))),
    '</svg>',
  ].join('\n');
}

export function legendSvg({ shape, colour, hollow }: LegendEntry): string {
  const kind = `${colour === null ? 'neutral' : `c${colour}`} ${hollow ? 'hollow' : 'filled'}`;
  return `<svg viewBox="-8 -8 16 16" class="sample" aria-hidden="true"><path class="mark ${kind}" d="${outlineOf(shape)}"/></svg>`;
}

function place(plot: Plot, x: number, y: number): [number, number] {
  const { width, height, left, right, top, bottom } = FRAMES[plot.size];
  return [
    left + positionOn(plot.x, x) * (width - left - right),
    height - bottom - positionOn(plot.y, y) * (height - top - bottom),
  ];
}

function gridOf(plot: Plot): string[] {
  const { width, height, left, right, top, bottom } = FRAMES[plot.size];
  const floor = height - bottom;
  const parts: string[] = [];
  for (const tick of plot.x.ticks) {
    const x = place(plot, tick, plot.y.min)[0].toFixed(1);
    parts.push(`<path class="grid" d="M${x} ${top}V${floor}"/>`);
    parts.push(`<text x="${x}" y="${floor + 17}" text-anchor="middle">${tick}</text>`);
  }
  for (const tick of plot.y.ticks) {
    const y = place(plot, plot.x.min, tick)[1];
    parts.push(`<path class="grid" d="M${left} ${y.toFixed(1)}H${width - right}"/>`);
    parts.push(`<text x="${left - 8}" y="${(y + 4).toFixed(1)}" text-anchor="end">${tick}</text>`);
  }
  const middle = (top + floor) / 2;
  parts.push(`<path class="axis" d="M${left} ${top}V${floor}H${width - right}"/>`);
  parts.push(
    `<text class="label" x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">${escapeMarkup(plot.x.label)}</text>`,
  );
  parts.push(
    `<text class="label" transform="translate(15 ${middle}) rotate(-90)" text-anchor="middle">${escapeMarkup(plot.y.label)}</text>`,
  );
  return parts;
}

function lineOf(plot: Plot, { points, colour, hollow }: Series): string {
  const corners = points.map(({ x, y }) =>
    place(plot, x, y)
      .map((at) => at.toFixed(1))
      .join(' '),
  );
  return `<path class="line c${colour} ${hollow ? 'hollow' : 'filled'}" d="M${corners.join('L')}"/>`;
}

function markerOf(plot: Plot, { colour, hollow }: Series, { x, y, shape, label }: Point): string {
  const [left, top] = place(plot, x, y);
  const words = `${label}: ${plot.y.format(y)} at ${plot.x.format(x)} (${plot.x.label})`;
  return (
    `<path class="mark c${colour} ${hollow ? 'hollow' : 'filled'}" ` +
    `transform="translate(${left.toFixed(1)} ${top.toFixed(1)})" d="${outlineOf(shape)}">` +
    `<title>${escapeMarkup(words)}</title></path>`
  );
}
