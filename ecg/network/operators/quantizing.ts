/** QuantizeLinear and DequantizeLinear: where floats become bytes, and constants integers that stand for numbers. */
import { byteOf, type Levels } from '../arithmetic.ts';
import { channelLast, inStoredOrder, isRun } from '../layout.ts';
import { sizeOf } from '../shapes.ts';
import { Lookup } from '../steps/lookup.ts';
import { QuantizeImage } from '../steps/quantize-image.ts';
import type { CurveBase, Moving, Value } from '../values.ts';
import { type Compiling, plainCurve, sameLevels } from './operator.ts';

/** Signed bytes are kept 128 higher, so that all arithmetic is that of unsigned ones. */
const SIGNED_OFFSET = 128;

export function quantizeLinear(compiling: Compiling): Value[] {
  const { plan } = compiling;
  const levels = levelsOf(compiling);
  const { base, shape, places } = compiling.moving(0);
  if (base.kind === 'bytes') return compiling.refuse('quantizes bytes');
  if (base.kind === 'curve') return [quantizedCurve(compiling, { base, shape, places }, levels)];
  if (base.kind === 'pending') {
    const limits = { lowest: byteOf(base.lowest, levels), highest: byteOf(base.highest, levels) };
    const address = base.quantize(levels, limits);
    return [{ base: { kind: 'bytes', bytes: { address, levels } }, shape, places }];
  }
  const from = inStoredOrder(places, shape);
  const address = plan.allocate(from.length);
  plan.add((kernel) => new QuantizeImage(kernel, address, from, levels));
  return [{ base: { kind: 'bytes', bytes: { address, levels } }, shape, places: channelLast(shape) }];
}

function quantizedCurve(compiling: Compiling, curve: Moving<CurveBase>, levels: Levels): Moving {
  const { base, shape, places } = curve;
  // The same levels again, as exports write it after operators that only move values.
  if (base.isPlain && sameLevels(base.of.levels, levels)) {
    return { base: { kind: 'bytes', bytes: base.of }, shape, places };
  }
  const stored = inStoredOrder(places, shape);
  const address = compiling.plan.allocate(stored.length);
  lookedUp(compiling, base, stored, levels, address);
  return { base: { kind: 'bytes', bytes: { address, levels } }, shape, places: channelLast(shape) };
}

/** Plans bytes of a curve at an address, in the order of the places. */
export function lookedUp(
  compiling: Compiling,
  { of, values, isPlain }: CurveBase,
  places: Int32Array,
  levels: Levels,
  output: number,
): void {
  const isCopy = isPlain && sameLevels(of.levels, levels);
  const table = isCopy ? null : Uint8Array.from(values, (value) => byteOf(value, levels));
  const run = isRun(places);
  if (values.length > 256 && !(run && places[0] === 0))
    compiling.refuse('moves values that differ by channel');
  const input = run ? of.address + (places[0] ?? 0) : places.map((place) => of.address + place);
  const count = places.length;
  compiling.plan.add((kernel) => new Lookup(kernel, { output, count, input, table }));
}

export function dequantizeLinear(compiling: Compiling): Value[] {
  const value = compiling.value(0);
  if (value.base.kind === 'bytes') {
    const { bytes } = value.base;
    if (!sameLevels(bytes.levels, levelsOf(compiling))) compiling.refuse('reads bytes by another scale');
    return [{ ...(value as Moving), base: plainCurve(bytes) }];
  }
  if (value.base.kind !== 'constant') return compiling.refuse('reads what was never quantized');
  const { tensor } = value.base;
  if (tensor.type !== 'uint8' && tensor.type !== 'int8' && tensor.type !== 'int32') {
    return compiling.refuse(`reads constants of type ${tensor.type}`);
  }
  const scales = Float32Array.from(compiling.constant(1).data);
  const zeroPoints = Int32Array.from(compiling.optionalConstant(2)?.data ?? new Int32Array(scales.length));
  const axis = compiling.number('axis', 1);
  const rank = tensor.shape.length;
  return [{ base: { kind: 'integers', tensor, scales, zeroPoints, axis: axis < 0 ? axis + rank : axis } }];
}

/** @throws RhythmdError E_MODEL_UNSUPPORTED unless one scale and one zero point of a byte hold for all */
function levelsOf(compiling: Compiling): Levels {
  const scales = compiling.constant(1).data;
  const zeroPoint = compiling.optionalConstant(2);
  const isSigned = zeroPoint?.type === 'int8';
  if (scales.length !== 1 || (zeroPoint !== null && sizeOf(zeroPoint.shape) !== 1)) {
    compiling.refuse('has a scale a channel for values that change');
  }
  if (zeroPoint !== null && !isSigned && zeroPoint.type !== 'uint8') {
    compiling.refuse(`makes values of type ${zeroPoint.type}, not bytes`);
  }
  const scale = scales[0]!;
  if (!(scale > 0)) compiling.refuse('has a scale that is not above zero');
  return { scale, zeroPoint: (zeroPoint?.data[0] ?? 0) + (isSigned ? SIGNED_OFFSET : 0) };
}
