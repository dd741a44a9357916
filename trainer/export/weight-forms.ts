/** The same network with its weights written otherwise, to choose by: signed bytes, or unsigned ones within seven bits. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  TensorProto_DataType as DataType,
  type GraphProto,
  ModelProtoSchema,
  type TensorProto,
} from 'onnx-buf';

export const WEIGHT_FORMS = ['unsigned', 'signed', 'seven bits'] as const;
export type WeightForm = (typeof WEIGHT_FORMS)[number];

const ZERO_POINT = 128;

/** @param onnx as `export --int8` writes it: weights are unsigned bytes around 128, biases 32-bit integers */
export function withWeights(onnx: Uint8Array, form: WeightForm): Uint8Array {
  if (form === 'unsigned') return onnx;
  const model = fromBinary(ModelProtoSchema, onnx);
  const graph = model.graph!;
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const { opType, input } of graph.node) {
    if (opType !== 'DequantizeLinear') continue;
    const [values, scale, zeroPoint] = input.map((name) => tensors.get(name));
    // Of activations the value is no initializer.
    if (values === undefined || scale === undefined) continue;
    if (values.dataType === DataType.UINT8) {
      if (form === 'signed') toSigned(values, ownCopy(graph, input, zeroPoint!));
      else {
        values.rawData = values.rawData.map((byte) => ZERO_POINT + Math.round((byte - ZERO_POINT) / 2));
        doubled(ownCopy(graph, input, scale, 1));
      }
    } else if (form === 'seven bits' && values.dataType === DataType.INT32) {
      const bias = new Int32Array(Uint8Array.from(values.rawData).buffer);
      values.rawData = bytesOf(bias.map((value) => Math.round(value / 2)));
      doubled(ownCopy(graph, input, scale, 1));
    }
  }
  return toBinary(ModelProtoSchema, model);
}

/** Scales and zero points may be shared with activations: what is changed is this weight's own. */
function ownCopy(graph: GraphProto, input: string[], tensor: TensorProto, place = 2): TensorProto {
  const copy = { ...tensor, name: `${input[0]}.${place}.own` };
  graph.initializer.push(copy);
  input[place] = copy.name;
  return copy;
}

function toSigned(values: TensorProto, zeroPoint: TensorProto): void {
  values.rawData = values.rawData.map((byte) => byte ^ ZERO_POINT);
  values.dataType = DataType.INT8;
  zeroPoint.rawData = zeroPoint.rawData.map((byte) => byte ^ ZERO_POINT);
  zeroPoint.dataType = DataType.INT8;
}

function doubled(scale: TensorProto): void {
  const values = new Float32Array(Uint8Array.from(scale.rawData).buffer);
  scale.rawData = bytesOf(values.map((value) => value * 2));
}

function bytesOf({ buffer }: Float32Array | Int32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer);
}
