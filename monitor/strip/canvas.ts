/** A canvas as sharp as the screen: sized in CSS pixels, backed by device pixels. */
import { h } from '../dom.ts';

export interface Layer {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

export function createLayer(className: string): Layer {
  const canvas = h('canvas');
  canvas.className = className;
  const context = canvas.getContext('2d')!;
  return { canvas, context };
}

/** Clears it too. @returns device pixels a CSS pixel. */
export function sizeLayer({ canvas, context }: Layer, width: number, height: number): number {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ratio;
}
