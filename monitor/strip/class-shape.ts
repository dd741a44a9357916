/** The shapes of the classes on a canvas; `live/class-icon.ts` has them for text. */
import type { ClassShape } from '../style/class-looks.ts';

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
    case 'wedge':
      context.moveTo(x - r, y + r * 0.9);
      context.lineTo(x + r, y + r * 0.9);
      context.lineTo(x, y - r);
      context.fill();
      return;
    case 'plus':
      context.fillRect(x - r * 0.25, y - r * 0.9, r * 0.5, r * 1.8);
      context.fillRect(x - r * 0.9, y - r * 0.25, r * 1.8, r * 0.5);
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
