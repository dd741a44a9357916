/**
 * An ONNX file as the executor sees it: operators in their order and constants. Field numbers are those of onnx.proto
 * (github.com/onnx/onnx, IR version 10); what a graph that only answers has no use for is passed over.
 */
import { RhythmdError } from '../../errors.ts';
import { type Field, fieldsOf, integersOf, textOf } from './wire.ts';

export type ElementType = 'float' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool' | 'double';

/** As TensorProto.DataType numbers them. */
const ELEMENT_TYPES: Readonly<Record<number, ElementType>> = {
  1: 'float',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  11: 'double',
};

export interface ConstantTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** int64 as doubles: sizes and indices are far below 2^53. */
  readonly data: Float32Array | Float64Array | Uint8Array | Int8Array | Int32Array;
}

export type AttributeValue = number | string | readonly number[] | ConstantTensor;

export interface OnnxNode {
  readonly operator: string;
  /** Of its first output where it has no name of its own: what an error calls it. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

export interface OnnxInput {
  readonly name: string;
  readonly type: ElementType | null;
  /** -1: any number, such as the batch. */
  readonly shape: readonly number[];
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, ConstantTensor>;
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly string[];
}

/** @throws RhythmdError E_MODEL_LOAD: not a model, or one with tensors outside the file */
export function readOnnx(model: Uint8Array): OnnxGraph {
  for (const field of fieldsOf(model)) if (field.number === 7) return graphOf(field.bytes);
  throw new RhythmdError('E_MODEL_LOAD', 'model.onnx holds no graph', 'Is it an ONNX model?');
}

function graphOf(bytes: Uint8Array): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, ConstantTensor>();
  const inputs: OnnxInput[] = [];
  const outputs: string[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) nodes.push(nodeOf(field.bytes));
    else if (field.number === 5) {
      const { name, tensor } = tensorOf(field.bytes);
      constants.set(name, tensor);
    } else if (field.number === 11) inputs.push(valueInfoOf(field.bytes));
    else if (field.number === 12) outputs.push(valueInfoOf(field.bytes).name);
  }
  return { nodes, constants, inputs: inputs.filter(({ name }) => !constants.has(name)), outputs };
}

function nodeOf(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, AttributeValue>();
  let operator = '';
  let name = '';
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs.push(textOf(field));
    else if (field.number === 2) outputs.push(textOf(field));
    else if (field.number === 3) name = textOf(field);
    else if (field.number === 4) operator = textOf(field);
    else if (field.number === 5) {
      const attribute = attributeOf(field.bytes);
      if (attribute.value !== null) attributes.set(attribute.name, attribute.value);
    }
  }
  return { operator, name: name || (outputs[0] ?? operator), inputs, outputs, attributes };
}

function attributeOf(bytes: Uint8Array): { readonly name: string; readonly value: AttributeValue | null } {
  let name = '';
  let value: AttributeValue | null = null;
  const integers: number[] = [];
  const floats: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) value = floatsIn(field.bytes)[0]!;
    else if (field.number === 3) value = field.integer;
    else if (field.number === 4) value = textOf(field);
    else if (field.number === 5) value = tensorOf(field.bytes).tensor;
    else if (field.number === 7) for (const number of floatsIn(field.bytes)) floats.push(number);
    else if (field.number === 8) integersOf(field, integers);
  }
  if (integers.length > 0) value = integers;
  if (floats.length > 0) value = floats;
  return { name, value };
}

function tensorOf(bytes: Uint8Array): { readonly name: string; readonly tensor: ConstantTensor } {
  let name = '';
  let type: ElementType | undefined;
  let raw: Uint8Array | null = null;
  let dataType = 0;
  const shape: number[] = [];
  const numbers: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) integersOf(field, shape);
    else if (field.number === 2) {
      dataType = field.integer;
      type = ELEMENT_TYPES[dataType];
    } else if (field.number === 4) for (const value of floatsIn(field.bytes)) numbers.push(value);
    else if (field.number === 5 || field.number === 7) integersOf(field, numbers);
    else if (field.number === 8) name = textOf(field);
    else if (field.number === 9) raw = field.bytes;
    else if (field.number === 14 && field.integer === 1) throw unreadable(name, 'lies outside the file');
  }
  if (type === undefined) throw unreadable(name, `has elements of type ${dataType}`);
  const data = raw === null ? typed(type, numbers) : ofBytes(type, raw);
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.length !== size) throw unreadable(name, `holds ${data.length} values instead of ${size}`);
  return { name, tensor: { type, shape, data } };
}

function typed(type: ElementType, numbers: readonly number[]): ConstantTensor['data'] {
  if (type === 'float') return Float32Array.from(numbers);
  if (type === 'int8') return Int8Array.from(numbers);
  if (type === 'int32') return Int32Array.from(numbers);
  return type === 'int64' || type === 'double' ? Float64Array.from(numbers) : Uint8Array.from(numbers);
}

/** Copied: numbers of a file lie at any address, and a model's bytes need not outlive its loading. */
function ofBytes(type: ElementType, raw: Uint8Array): ConstantTensor['data'] {
  const { buffer } = Uint8Array.from(raw);
  if (type === 'float') return new Float32Array(buffer, 0, raw.length >> 2);
  if (type === 'int8') return new Int8Array(buffer);
  if (type === 'int32') return new Int32Array(buffer, 0, raw.length >> 2);
  if (type === 'double') return new Float64Array(buffer, 0, raw.length >> 3);
  if (type === 'int64') return Float64Array.from(new BigInt64Array(buffer, 0, raw.length >> 3), Number);
  return new Uint8Array(buffer);
}

function floatsIn(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer, 0, bytes.length >> 2);
}

function valueInfoOf(bytes: Uint8Array): OnnxInput {
  let name = '';
  let type: ElementType | null = null;
  const shape: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2)
      for (const tensorType of messagesAt(field.bytes, 1))
        for (const part of fieldsOf(tensorType)) {
          if (part.number === 1) type = ELEMENT_TYPES[part.integer] ?? null;
          else if (part.number === 2)
            for (const dimension of messagesAt(part.bytes, 1)) shape.push(sizeOf(dimension));
        }
  }
  return { name, type, shape };
}

function sizeOf(dimension: Uint8Array): number {
  for (const { number, integer } of fieldsOf(dimension)) if (number === 1) return integer;
  return -1;
}

function* messagesAt(message: Uint8Array, number: number): Generator<Uint8Array> {
  for (const field of fieldsOf(message) as Generator<Field>) if (field.number === number) yield field.bytes;
}

function unreadable(name: string, what: string): RhythmdError {
  return new RhythmdError('E_MODEL_LOAD', `tensor ${name} of model.onnx ${what}`, 'Export the model again');
}
