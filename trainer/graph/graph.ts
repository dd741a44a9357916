/**
 * A graph of ONNX operators under construction. It knows names and shapes and nothing else: what an operator
 * means is onnxruntime's business, what its gradient is that of `ops/`.
 */

export type ElementType = 'float' | 'int64' | 'bool' | 'uint8' | 'int8' | 'int32' | 'double';

/** A value that flows through the graph. Shapes are fixed, but for a leading -1: any number. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
}

export type ConstantData = Float32Array | BigInt64Array | Uint8Array | Int8Array | Int32Array;

export interface Constant extends Tensor {
  readonly data: ConstantData;
}

/** A number is an ONNX int, an array an ONNX int list; floats are wrapped, so that 1 and 1.0 can't be mixed up. */
export type Attribute = number | readonly number[] | string | { readonly float: number } | Graph;
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Node {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/** Operators of onnxruntime's own domain that this project uses. */
const MICROSOFT_OPERATORS = new Set(['FusedMatMul', 'QuickGelu', 'QLinearAdd', 'QLinearGlobalAveragePool']);

export class Graph {
  readonly name: string;
  readonly nodes: Node[] = [];
  readonly constants: Constant[] = [];
  readonly inputs: Tensor[] = [];
  readonly outputs: Tensor[] = [];
  readonly #parent: Graph | null;
  readonly #counts = new Map<string, number>();
  readonly #known = new Map<string, Constant>();

  /** @param parent the graph whose names a loop body may use; constants are kept there, so they are made once */
  constructor(name: string, parent: Graph | null = null) {
    this.name = name;
    this.#parent = parent;
  }

  /** A name nobody has yet, such as `Gemm_12`. */
  fresh(prefix: string): string {
    const root = this.#root();
    const count = root.#counts.get(prefix) ?? 0;
    root.#counts.set(prefix, count + 1);
    return count === 0 ? prefix : `${prefix}_${count}`;
  }

  input(name: string, shape: readonly number[], type: ElementType = 'float'): Tensor {
    const tensor = { name: this.fresh(name), shape, type };
    this.inputs.push(tensor);
    return tensor;
  }

  /** Makes `tensor` an output called `name`. */
  output(name: string, tensor: Tensor): Tensor {
    const output = { name: this.fresh(name), shape: tensor.shape, type: tensor.type };
    this.nodes.push({
      operator: 'Identity',
      domain: '',
      inputs: [tensor.name],
      outputs: [output.name],
      attributes: {},
    });
    this.outputs.push(output);
    return output;
  }

  /** One operator with one output. */
  add(
    operator: string,
    inputs: readonly (Tensor | null)[],
    shape: readonly number[],
    attributes: Attributes = {},
    type: ElementType = 'float',
  ): Tensor {
    const output = { name: this.fresh(operator), shape, type };
    this.addNode(operator, inputs, [output], attributes);
    return output;
  }

  /** One operator with any number of outputs, whose tensors the caller names. */
  addNode(
    operator: string,
    inputs: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
    attributes: Attributes = {},
  ): void {
    this.nodes.push({
      operator,
      domain: MICROSOFT_OPERATORS.has(operator) ? 'com.microsoft' : '',
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: outputs.map((output) => output.name),
      attributes,
    });
  }

  /** A constant under a name of its own (weights). */
  named(name: string, data: ConstantData, shape: readonly number[]): Tensor {
    const constant = { name: this.fresh(name), shape, type: typeOf(data), data };
    this.#root().constants.push(constant);
    return constant;
  }

  /** A small constant; equal ones are stored once. */
  constant(data: ConstantData, shape: readonly number[]): Tensor {
    const root = this.#root();
    const key = `${typeOf(data)}|${shape.join(',')}|${data.length > 4096 ? '' : data.join(',')}`;
    const known = data.length > 4096 ? undefined : root.#known.get(key);
    if (known !== undefined) return known;
    const constant = { name: this.fresh('constant'), shape, type: typeOf(data), data };
    root.constants.push(constant);
    root.#known.set(key, constant);
    return constant;
  }

  scalar(value: number): Tensor {
    return this.constant(Float32Array.of(value), []);
  }

  integers(values: readonly number[]): Tensor {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  reshape(tensor: Tensor, shape: readonly number[]): Tensor {
    if (shape.length === tensor.shape.length && shape.every((size, i) => size === tensor.shape[i]))
      return tensor;
    return this.add('Reshape', [tensor, this.integers(shape)], shape, {}, tensor.type);
  }

  #root(): Graph {
    let graph: Graph = this;
    while (graph.#parent !== null) graph = graph.#parent;
    return graph;
  }
}

function typeOf(data: ConstantData): ElementType {
  if (data instanceof Float32Array) return 'float';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof Uint8Array ? 'uint8' : 'int8';
}

/** Elements of a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
