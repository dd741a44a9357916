/**
 * How a class looks everywhere: a letter, a shape and a colour, any of which is enough. Colours are Okabe and Ito's
 * palette for colour-blind readers (2008), darkened or lightened to 4.5:1 on either paper.
 */
import { BEAT_LABELS, type BeatLabel } from '@rhythmd/ecg/types.ts';

export type ClassKey = BeatLabel | 'unclassified';
export type ClassShape = 'dot' | 'triangle' | 'diamond' | 'bar' | 'square' | 'ring' | 'cross';

export interface ClassLook {
  readonly letter: string;
  readonly name: string;
  readonly shape: ClassShape;
  readonly light: string;
  readonly dark: string;
}

export const CLASS_LOOKS: Readonly<Record<ClassKey, ClassLook>> = {
  N: { letter: 'N', name: 'Normal', shape: 'dot', light: '#4a5862', dark: '#9fb0ba' },
  V: { letter: 'V', name: 'Ventricular', shape: 'triangle', light: '#b33c00', dark: '#ff8a4c' },
  F: { letter: 'F', name: 'Fusion', shape: 'diamond', light: '#94377a', dark: '#e59acb' },
  '/': { letter: '/', name: 'Paced', shape: 'bar', light: '#00568c', dark: '#62b0f0' },
  f: { letter: 'f', name: 'Paced fusion', shape: 'square', light: '#006e64', dark: '#4fd1bd' },
  other: { letter: 'o', name: 'Other', shape: 'ring', light: '#7a5700', dark: '#e8b93c' },
  unclassified: { letter: '?', name: 'Unclassified', shape: 'cross', light: '#5c666d', dark: '#93a0a8' },
};

export const CLASS_KEYS: readonly ClassKey[] = [...BEAT_LABELS, 'unclassified'];

/** A shape of `size` pixels around (x, y), in the current fill and stroke style. */
export function drawClassShape(
  context: CanvasRenderingContext2D,
  shape: ClassShape,
  x: number,
  y: number,
  size: number,
): void {
  const r = size / 2;
  context.beginPath();
  switch (shape) {
    case 'dot':
      context.arc(x, y, r * 0.6, 0, 2 * Math.PI);
      context.fill();
      return;
    case 'triangle':
      context.moveTo(x - r, y - r * 0.9);
      context.lineTo(x + r, y - r * 0.9);
      context.lineTo(x, y + r);
      context.fill();
      return;
    case 'diamond':
      context.moveTo(x, y - r);
      context.lineTo(x + r, y);
      context.lineTo(x, y + r);
      context.lineTo(x - r, y);
      context.fill();
      return;
    case 'bar':
      context.fillRect(x - r * 0.3, y - r, r * 0.6, size);
      return;
    case 'square':
      context.fillRect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
      return;
    case 'ring':
      context.arc(x, y, r * 0.75, 0, 2 * Math.PI);
      context.stroke();
      return;
    case 'cross':
      context.moveTo(x - r * 0.7, y - r * 0.7);
      context.lineTo(x + r * 0.7, y + r * 0.7);
      context.moveTo(x + r * 0.7, y - r * 0.7);
      context.lineTo(x - r * 0.7, y + r * 0.7);
      context.stroke();
  }
}
