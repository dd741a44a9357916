/** Operators on constants alone, done once: tensors that a file holds in another form than they are used. */
import type { ConstantTensor } from '../onnx/graph.ts';
import { sizeOf } from '../shapes.ts';
import type { Value } from '../values.ts';
import type { Compiling } from './operator.ts';

export function constant(compiling: Compiling): Value[] {
  const tensor = compiling.node.attributes.get('value');
  if (tensor === undefined || typeof tensor !== 'object' || !('data' in tensor))
    return compiling.refuse('holds no tensor');
  return [{ base: { kind: 'constant', tensor } }];
}

/** Numbers become integers or floats. */
export function cast(compiling: Compiling): Value[] {
  const { data, shape } = compiling.constant(0);
  const to = compiling.number('to', 0);
  if (to === 1) return made({ type: 'float', shape, data: Float32Array.from(data) });
  if (to === 6) return made({ type: 'int32', shape, data: Int32Array.from(data) });
  return to === 7
    ? made({ type: 'int64', shape, data: Float64Array.from(data) })
    : compiling.refuse('casts to another type');
}

/** Weights of few values: a table and where each is in it. */
export function gather(compiling: Compiling): Value[] {
  const table = compiling.constant(0);
  const indices = compiling.constant(1);
  if (compiling.number('axis', 0) !== 0) compiling.refuse('gathers along another axis than the first');
  const row = sizeOf(table.shape.slice(1));
  const rows = table.shape[0] ?? 0;
  const data = table.data.slice(0, 0).constructor as new (size: number) => ConstantTensor['data'];
  const result = new data(indices.data.length * row);
  for (let i = 0; i < indices.data.length; i++) {
    const index = indices.data[i]! < 0 ? indices.data[i]! + rows : indices.data[i]!;
    if (!(index >= 0 && index < rows)) compiling.refuse('gathers beyond its table');
    for (let k = 0; k < row; k++) result[i * row + k] = table.data[index * row + k]!;
  }
  return made({ type: table.type, shape: [...indices.shape, ...table.shape.slice(1)], data: result });
}

function made(tensor: ConstantTensor): Value[] {
  return [{ base: { kind: 'constant', tensor } }];
}
