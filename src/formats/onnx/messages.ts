/**
 * Encodes models as the protocol buffer messages of the ONNX format.
 *
 * Source: ONNX 1.12, `onnx.proto3` (IR version 8); the numbers of the fields are those of its
 * messages.
 */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Types of a tensor's elements, with their numbers in `TensorProto.DataType`. */
export const elementTypes = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
} as const;

/** The type of a tensor's elements. */
export type ElementType = keyof typeof elementTypes;

/** A constant or a weight. */
export interface TensorMessage {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** The elements, little-endian. */
  readonly bytes: Uint8Array;
}

/** The value of an operator's attribute. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly string: string }
  | { readonly strings: readonly string[] };

/** An operator with its inputs and outputs. An input that is left out is empty. */
export interface NodeMessage {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** An input or output of a graph. An axis is a length, a name, or null if nothing is known. */
export interface PortMessage {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string | null)[];
}

/** A model with its graph. */
export interface ModelMessage {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly producerVersion: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graphName: string;
  readonly nodes: readonly NodeMessage[];
  readonly tensors: readonly TensorMessage[];
  readonly inputs: readonly PortMessage[];
  readonly outputs: readonly PortMessage[];
}

/** Adds the fields of a message to a writer. */
type Fields = (writer: BinaryWriter) => void;

/** Encodes a model as a `ModelProto`, the content of an ONNX file. */
export function encodeModel(model: ModelMessage): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, model.irVersion);
  text(writer, 2, model.producer);
  text(writer, 3, model.producerVersion);
  if (model.description !== "") text(writer, 6, model.description);
  message(writer, 7, graphFields(model));
  message(writer, 8, (opset) => {
    text(opset, 1, "");
    integer(opset, 2, model.opset);
  });
  for (const [key, value] of Object.entries(model.metadata)) {
    message(writer, 14, (entry) => {
      text(entry, 1, key);
      text(entry, 2, value);
    });
  }
  return writer.finish();
}

function graphFields(model: ModelMessage): Fields {
  return (graph) => {
    for (const node of model.nodes) message(graph, 1, nodeFields(node));
    text(graph, 2, model.graphName);
    for (const each of model.tensors) message(graph, 5, tensorFields(each));
    for (const each of model.inputs) message(graph, 11, portFields(each));
    for (const each of model.outputs) message(graph, 12, portFields(each));
  };
}

function nodeFields(node: NodeMessage): Fields {
  return (writer) => {
    for (const input of node.inputs) text(writer, 1, input);
    for (const output of node.outputs) text(writer, 2, output);
    text(writer, 3, node.name);
    text(writer, 4, node.operator);
    for (const [name, value] of Object.entries(node.attributes)) {
      message(writer, 5, attributeFields(name, value));
    }
  };
}

/** The number of an attribute's type in `AttributeProto.AttributeType` is written as field 20. */
function attributeFields(name: string, value: Attribute): Fields {
  return (writer) => {
    text(writer, 1, name);
    if ("float" in value) {
      writer.tag(2, WireType.Bit32).float(value.float);
      integer(writer, 20, 1);
    } else if ("int" in value) {
      integer(writer, 3, value.int);
      integer(writer, 20, 2);
    } else if ("string" in value) {
      text(writer, 4, value.string);
      integer(writer, 20, 3);
    } else if ("floats" in value) {
      for (const each of value.floats) {
        writer.tag(7, WireType.Bit32).float(each);
      }
      integer(writer, 20, 6);
    } else if ("ints" in value) {
      for (const each of value.ints) integer(writer, 8, each);
      integer(writer, 20, 7);
    } else {
      for (const each of value.strings) text(writer, 9, each);
      integer(writer, 20, 8);
    }
  };
}

function tensorFields(tensor: TensorMessage): Fields {
  return (writer) => {
    for (const length of tensor.shape) integer(writer, 1, length);
    integer(writer, 2, elementTypes[tensor.type]);
    text(writer, 8, tensor.name);
    writer.tag(9, WireType.LengthDelimited).bytes(tensor.bytes);
  };
}

function portFields(port: PortMessage): Fields {
  return (writer) => {
    text(writer, 1, port.name);
    message(writer, 2, (type) =>
      message(type, 1, (tensor) => {
        integer(tensor, 1, elementTypes[port.type]);
        message(tensor, 2, (shape) => {
          for (const axis of port.shape) message(shape, 1, axisFields(axis));
        });
      }),
    );
  };
}

function axisFields(axis: number | string | null): Fields {
  return (writer) => {
    if (typeof axis === "number") integer(writer, 1, axis);
    if (typeof axis === "string") text(writer, 2, axis);
  };
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, field: number, fields: Fields): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fields(writer);
  writer.join();
}
