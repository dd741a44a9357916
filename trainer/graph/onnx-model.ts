/** Graph to ONNX bytes: the only file that knows the format's library. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { type Attribute, type Constant, type ElementType, Graph, type Tensor } from './graph.ts';

/** Opset 18 is the first with ScatterElements reductions (clustering) and has every operator used here. */
const OPSET = 18n;
/** IR 9: understood by every onnxruntime since 1.15. */
const IR_VERSION = 9n;

const DATA_TYPES: Record<ElementType, DataType> = {
  float: DataType.FLOAT,
  int64: DataType.INT64,
  int32: DataType.INT32,
  bool: DataType.BOOL,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  double: DataType.DOUBLE,
};

/**
 * How a model lies in its file. 'named': as the graph is. 'numbered': numbers instead of names within it; of a small model of
 * many layers, names are a third. 'packed': numbered, nodes without names, and values of one kind side by side: the codes of an
 * archive fit one kind, so that weights of which most are zero take an eighth less there.
 */
export type FileLayout = 'named' | 'numbered' | 'packed';

/** @param metadata key and value pairs stored in the file (name, version, what the input is) */
export function encodeModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>> = {},
  layout: FileLayout = 'named',
): Uint8Array<ArrayBuffer> {
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'rhythmd trainer',
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: OPSET }),
      create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
    ],
    graph: graphProto(graph, layout === 'named' ? (name) => name : shortNames(graph), layout === 'packed'),
    metadataProps: Object.entries(metadata).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
  });
  return toBinary(ModelProtoSchema, model);
}

/** How often each operator occurs in a model file, loop bodies left out. */
export function operatorsOf(model: Uint8Array): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { opType } of fromBinary(ModelProtoSchema, model).graph?.node ?? []) {
    counts.set(opType, (counts.get(opType) ?? 0) + 1);
  }
  return counts;
}

type Naming = (name: string) => string;

/** Of a graph without bodies of loops. What the model is asked by, its inputs and outputs, keeps its name. */
function shortNames({ inputs, outputs }: Graph): Naming {
  // An input that is left out has no name.
  const names = new Map([['', ''], ...[...inputs, ...outputs].map(({ name }) => [name, name] as const)]);
  const kept = new Set(names.values());
  let next = names.size;
  return (name) => {
    let short = names.get(name);
    while (short === undefined || (short !== name && kept.has(short))) short = (next++).toString(36);
    names.set(name, short);
    return short;
  };
}

function graphProto(graph: Graph, naming: Naming, isPacked = false): GraphProto {
  const constants = isPacked ? byKind(graph.constants) : graph.constants;
  return create(GraphProtoSchema, {
    name: graph.name,
    node: graph.nodes.map((node) =>
      create(NodeProtoSchema, {
        opType: node.operator,
        domain: node.domain,
        name: isPacked ? '' : naming(node.outputs[0]!),
        input: node.inputs.map(naming),
        output: node.outputs.map(naming),
        attribute: Object.entries(node.attributes).map(([name, value]) =>
          attributeProto(name, value, naming),
        ),
      }),
    ),
    initializer: constants.map((constant) => tensorProto(constant, naming)),
    input: graph.inputs.map(valueInfo),
    output: graph.outputs.map(valueInfo),
  });
}

/** Of one type and as many dimensions: weights, scales, biases. */
function byKind(constants: readonly Constant[]): Constant[] {
  const kindOf = ({ type, shape }: Constant): number => 100 * DATA_TYPES[type] + shape.length;
  return constants.toSorted((a, b) => kindOf(a) - kindOf(b));
}

function attributeProto(name: string, value: Attribute, naming: Naming): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRING,
      s: new TextEncoder().encode(value),
    });
  }
  if (value instanceof Graph) {
    return create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: graphProto(value, naming) });
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: Array.from(value, BigInt) });
}

function tensorProto(constant: Constant, naming: Naming): TensorProto {
  const { data } = constant;
  return create(TensorProtoSchema, {
    name: naming(constant.name),
    dims: constant.shape.map(BigInt),
    dataType: DATA_TYPES[constant.type],
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}

function valueInfo(tensor: Tensor): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name: tensor.name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: DATA_TYPES[tensor.type],
          shape: create(TensorShapeProtoSchema, {
            dim: tensor.shape.map((size) =>
              create(TensorShapeProto_DimensionSchema, {
                value:
                  size === -1
                    ? { case: 'dimParam', value: 'batch' }
                    : { case: 'dimValue', value: BigInt(size) },
              }),
            ),
          }),
        }),
      },
    }),
  });
}
