/** A drawing as SVG. */
import { type Drawing, FINE_LINE, type Line, PAPER_COLOUR, STRONG_LINE, type Text } from './drawing.ts';
import { textWidth } from './text-width.ts';

/** Coordinates are whole tenths of a millimetre: fine enough for print, and short. */
const UNITS_PER_MM = 10;

const FINE_ID = 'ecg-fine';
const STRONG_ID = 'ecg-strong';

/** The two grid patterns; a page with many drawings needs them once. */
export const PATTERN_DEFINITIONS = `<defs>${[
  { ...FINE_LINE, id: FINE_ID },
  { ...STRONG_LINE, id: STRONG_ID },
]
  .map(({ id, everyMm, strokeMm, colour }) => {
    const size = everyMm * UNITS_PER_MM;
    return (
      `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse">` +
      `<path d="M${size} 0H0V${size}" fill="none" stroke="${colour}" stroke-width="${strokeMm * UNITS_PER_MM}"/>` +
      '</pattern>'
    );
  })
  .join('')}</defs>`;

/** An `<svg>` element; `definitions: false` when the page has PATTERN_DEFINITIONS elsewhere. */
export function toSvg(drawing: Drawing, { definitions = true } = {}): string {
  const { widthMm, heightMm } = drawing;
  const parts = drawing.items.map((item) => {
    if (item.kind === 'line') return svgLine(item);
    if (item.kind === 'text') return svgText(item);
    const box = `x="${units(item.x)}" y="${units(item.y)}" width="${units(item.width)}" height="${units(item.height)}"`;
    return [PAPER_COLOUR, `url(#${FINE_ID})`, `url(#${STRONG_ID})`]
      .map((fill) => `<rect ${box} fill="${fill}"/>`)
      .join('');
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthMm}mm" height="${heightMm}mm" ` +
    // Words stand apart by several spaces.
    `viewBox="0 0 ${units(widthMm)} ${units(heightMm)}" xml:space="preserve">` +
    `${definitions ? PATTERN_DEFINITIONS : ''}${parts.join('')}</svg>`
  );
}

function svgLine({ points, strokeMm, colour }: Line): string {
  let x = units(points[0] ?? 0);
  let y = units(points[1] ?? 0);
  let path = `M${x} ${y}l`;
  for (let i = 2; i < points.length; i += 2) {
    const nextX = units(points[i]!);
    const nextY = units(points[i + 1]!);
    const dy = nextY - y;
    path += `${i === 2 ? '' : ' '}${nextX - x}${dy < 0 ? '' : ' '}${dy}`;
    x = nextX;
    y = nextY;
  }
  return (
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${strokeMm * UNITS_PER_MM}" ` +
    'stroke-linejoin="round"/>'
  );
}

/** As wide as the layout reckoned with, whatever font a computer has for it: words would run into one another else. */
function svgText({ x, y, sizeMm, colour, anchor, isBold, text }: Text): string {
  const width =
    text.length < 2
      ? ''
      : ` textLength="${units(textWidth(text, sizeMm, isBold))}" lengthAdjust="spacingAndGlyphs"`;
  return (
    `<text x="${units(x)}" y="${units(y)}" font-size="${sizeMm * UNITS_PER_MM}" fill="${colour}"${width} ` +
    `font-family="Helvetica, Arial, sans-serif" text-anchor="${anchor}"` +
    `${isBold ? ' font-weight="bold"' : ''}>${escapeMarkup(text)}</text>`
  );
}

function units(millimetres: number): number {
  return Math.round(millimetres * UNITS_PER_MM);
}

export function escapeMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
