/** The shape of a class as a small picture in text, in the colour of the theme (style: `--class-…`). */
import { CLASS_LOOKS, type ClassKey, type ClassShape } from '../style/class-looks.ts';

const PATHS: Readonly<Record<ClassShape, string>> = {
  dot: '<circle cx="6" cy="6" r="3" fill="currentColor"/>',
  wedge: '<path d="M1 10h10L6 1z" fill="currentColor"/>',
  plus: '<path d="M5 1h2v4h4v2H7v4H5V7H1V5h4z" fill="currentColor"/>',
  triangle: '<path d="M1 2h10L6 11z" fill="currentColor"/>',
  diamond: '<path d="M6 1l5 5-5 5-5-5z" fill="currentColor"/>',
  bar: '<path d="M5 1h2v10H5z" fill="currentColor"/>',
  square: '<path d="M2 2h8v8H2z" fill="currentColor"/>',
  ring: '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>',
  cross: '<path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" stroke-width="2"/>',
};

export function classIcon(key: ClassKey): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 12 12');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'class-icon');
  svg.setAttribute('data-class', key);
  svg.innerHTML = PATHS[CLASS_LOOKS[key].shape];
  return svg;
}
