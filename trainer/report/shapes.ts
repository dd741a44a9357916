/** Outlines of plotted points around 0, 0: methods differ in shape, so colour is never the only sign. */
import type { Shape } from './plot.ts';

const RADIUS = 5;

const OUTLINES: Readonly<Record<Shape, string>> = {
  circle: `M${-RADIUS} 0a${RADIUS} ${RADIUS} 0 1 0 ${2 * RADIUS} 0a${RADIUS} ${RADIUS} 0 1 0 ${-2 * RADIUS} 0z`,
  square: 'M-4.5 -4.5h9v9h-9z',
  triangle: polygon(3, 6, 0),
  down: polygon(3, 6, 0.5),
  left: polygon(3, 6, 0.75),
  right: polygon(3, 6, 0.25),
  diamond: 'M0 -6.5L5.5 0L0 6.5L-5.5 0z',
  cross: 'M-5 -3L-3 -5L0 -2L3 -5L5 -3L2 0L5 3L3 5L0 2L-3 5L-5 3L-2 0z',
  plus: 'M-1.6 -5.5h3.2v3.9h3.9v3.2h-3.9v3.9h-3.2v-3.9h-3.9v-3.2h3.9z',
  hexagon: polygon(6, 5.5, 0),
  star: star(5, 7, 3),
  bar: 'M-2.2 -6h4.4v12h-4.4z',
};

export function outlineOf(shape: Shape): string {
  return OUTLINES[shape];
}

function polygon(corners: number, radius: number, turn: number): string {
  return path(Array.from({ length: corners }, (_, i) => corner(i / corners + turn, radius)));
}

function star(points: number, outer: number, inner: number): string {
  return path(
    Array.from({ length: 2 * points }, (_, i) => corner(i / (2 * points), i % 2 === 0 ? outer : inner)),
  );
}

/** @param turn of a whole one, from the top */
function corner(turn: number, radius: number): [number, number] {
  const angle = 2 * Math.PI * turn - Math.PI / 2;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

function path(corners: readonly (readonly [number, number])[]): string {
  return `M${corners.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}z`;
}
