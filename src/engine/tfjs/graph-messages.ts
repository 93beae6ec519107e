/**
 * The classes of the protocol buffer messages in which TensorFlow receives a graph.
 *
 * tfjs-node contains the classes that Google's compiler generated from TensorFlow's .proto files
 * (it reads saved models with them), and google-protobuf, its dependency, encodes them. Neither has
 * types; the interfaces here declare the few setters that are used. See graph.proto,
 * node_def.proto, attr_value.proto and saved_model.proto in TensorFlow's sources.
 */
import { createRequire } from "node:module";

/** A message that can be encoded. */
interface Message {
  serializeBinary(): Uint8Array;
}

export interface ShapeMessage extends Message {
  addDim(dimension: object): void;
}

export interface TensorMessage extends Message {
  setDtype(dataType: number): void;
  setTensorShape(shape: ShapeMessage): void;
  setTensorContent(bytes: Uint8Array): void;
  addFloatVal(value: number): void;
  addIntVal(value: number): void;
  addBoolVal(value: boolean): void;
}

export interface ListMessage extends Message {
  setIList(values: readonly number[]): void;
  setFList(values: readonly number[]): void;
}

export interface AttributeMessage extends Message {
  setS(bytes: Uint8Array): void;
  setI(value: number): void;
  setF(value: number): void;
  setB(value: boolean): void;
  setType(dataType: number): void;
  setShape(shape: ShapeMessage): void;
  setTensor(tensor: TensorMessage): void;
  setList(list: ListMessage): void;
}

export interface NodeMessage extends Message {
  setName(name: string): void;
  setOp(operation: string): void;
  setInputList(inputs: readonly string[]): void;
  getAttrMap(): { set(name: string, value: AttributeMessage): void };
}

interface GraphMessage extends Message {
  setNodeList(nodes: readonly NodeMessage[]): void;
  setVersions(versions: object): void;
}

interface Messages {
  readonly SavedModel: new () => Message & {
    setSavedModelSchemaVersion(version: number): void;
    addMetaGraphs(graph: object): void;
  };
  readonly MetaGraphDef: (new () => Message & {
    setMetaInfoDef(information: object): void;
    setGraphDef(graph: GraphMessage): void;
  }) & {
    readonly MetaInfoDef: new () => { setTagsList(tags: string[]): void };
  };
  readonly GraphDef: new () => GraphMessage;
  readonly VersionDef: new () => { setProducer(version: number): void };
  readonly NodeDef: new () => NodeMessage;
  readonly AttrValue: (new () => AttributeMessage) & {
    readonly ListValue: new () => ListMessage;
  };
  readonly Tensor: new () => TensorMessage;
  readonly TensorShape: (new () => ShapeMessage) & {
    readonly Dim: new () => { setSize(size: number): void };
  };
}

export const messages = createRequire(__filename)(
  "@tensorflow/tfjs-node/dist/proto/api_pb",
) as Messages;
