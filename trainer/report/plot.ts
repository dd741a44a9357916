/** What a plot holds, and where a value lies on its axes. Drawing is in svg.ts. */
export const SHAPES = [
  'circle',
  'square',
  'triangle',
  'down',
  'left',
  'right',
  'diamond',
  'cross',
  'plus',
  'hexagon',
  'star',
  'bar',
] as const;
export type Shape = (typeof SHAPES)[number];

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly shape: Shape;
  /** What it is, in words. */
  readonly label: string;
}

export interface Series {
  readonly name: string;
  /** Number of a colour of the page's palette. */
  readonly colour: number;
  /** Outlines only: the paper's. */
  readonly hollow: boolean;
  /** Its points are joined in their order. */
  readonly joined: boolean;
  readonly points: readonly Point[];
}

/** `log-error`: shares from 0 to 1, spaced by the logarithm of what is missing to 1. */
export type Scale = 'linear' | 'log' | 'log-error';

export interface Axis {
  readonly label: string;
  readonly scale: Scale;
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

export interface LegendEntry {
  readonly text: string;
  readonly colour: number | null;
  readonly shape: Shape;
  readonly hollow: boolean;
}

export interface Plot {
  readonly title: string;
  /** May be empty. */
  readonly description: string;
  readonly size: 'large' | 'small';
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly legend: readonly LegendEntry[];
}

/** 0 at the axis' start, 1 at its end. */
export function positionOn({ scale, min, max }: Axis, value: number): number {
  const at = (x: number): number => {
    if (scale === 'log') return Math.log(x);
    return scale === 'log-error' ? -Math.log(1 - x) : x;
  };
  return (at(value) - at(min)) / (at(max) - at(min));
}
