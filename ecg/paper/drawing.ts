/** A drawing in millimetres of paper, from the top left corner; svg.ts and pdf.ts put it down. */

export interface Grid {
  readonly kind: 'grid';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly kind: 'line';
  /** x, y, x, y... */
  readonly points: readonly number[];
  readonly strokeMm: number;
  /** `#rrggbb` */
  readonly colour: string;
}

export interface Text {
  readonly kind: 'text';
  readonly x: number;
  /** Where the letters stand: the baseline's height. */
  readonly y: number;
  readonly sizeMm: number;
  readonly colour: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly isBold?: true;
  readonly text: string;
}

export interface Drawing {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly items: readonly (Grid | Line | Text)[];
}

/** ECG paper: a fine line each millimetre, a strong one each five. */
export const PAPER_COLOUR = '#fff8f6';
export const FINE_LINE = { everyMm: 1, strokeMm: 0.08, colour: '#f6cfc7' } as const;
export const STRONG_LINE = { everyMm: 5, strokeMm: 0.15, colour: '#e59c8d' } as const;
export const INK = '#1a1a1a';
