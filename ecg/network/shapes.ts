/** Shapes as ONNX rules them, without the batch in front. */
import { RhythmdError } from '../errors.ts';

/** Values of a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** An axis of a tensor with its batch, negative ones counted from the end, as one of the shape without. */
export function axisOf(axis: number, shape: readonly number[], node: string): number {
  const counted = axis < 0 ? axis + shape.length + 1 : axis;
  if (counted >= 1 && counted <= shape.length) return counted - 1;
  throw unsupported(`${node} works along the batch`);
}

/** What two shapes are together, as ONNX broadcasts them. */
export function broadcastShape(a: readonly number[], b: readonly number[], node: string): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw unsupported(`${node} joins shapes ${a.join(' x ')} and ${b.join(' x ')}`);
    }
    return Math.max(left, right);
  });
}

/** What this executor does not do, by the name of the operator that asks for it. */
export function unsupported(what: string): RhythmdError {
  return new RhythmdError(
    'E_MODEL_UNSUPPORTED',
    `the integer executor can't run this model: ${what}`,
    'Set model.executor = "onnxruntime" where that loads, or use a model exported in 8-bit integers',
  );
}
