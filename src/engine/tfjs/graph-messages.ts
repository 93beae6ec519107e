/**
 * The classes of the protocol buffer messages in which TensorFlow receives a graph, and TensorBoard
 * the values of a run.
 *
 * tfjs-node contains the classes that Google's compiler generated from TensorFlow's .proto files
 * (it reads saved models with them), and google-protobuf, its dependency, encodes them. Neither has
 * types; the interfaces here declare the few setters that are used. See graph.proto,
 * node_def.proto, attr_value.proto, saved_model.proto and summary.proto in TensorFlow's sources.
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
  setDoubleValList(values: readonly number[]): void;
  setStringValList(values: readonly Uint8Array[]): void;
}

export interface ListMessage extends Message {
  setIList(values: readonly number[]): void;
  setFList(values: readonly number[]): void;
  setShapeList(shapes: readonly ShapeMessage[]): void;
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

/** A value of a run: a tensor under a tag, and the part of TensorBoard that shows it. */
export interface SummaryValueMessage extends Message {
  setTag(tag: string): void;
  setTensor(tensor: TensorMessage): void;
  setMetadata(metadata: SummaryMetadataMessage): void;
}

interface SummaryMetadataMessage extends Message {
  setPluginData(data: PluginDataMessage): void;
}

interface PluginDataMessage extends Message {
  setPluginName(name: string): void;
}

interface SummaryMessage extends Message {
  addValue(value: SummaryValueMessage): void;
}

export interface GraphMessage extends Message {
  setNodeList(nodes: readonly NodeMessage[]): void;
  setVersions(versions: object): void;
}

interface Messages {
  readonly Summary: (new () => SummaryMessage) & {
    readonly Value: new () => SummaryValueMessage;
  };
  readonly SummaryMetadata: (new () => SummaryMetadataMessage) & {
    readonly PluginData: new () => PluginDataMessage;
  };
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

const load = createRequire(__filename);

export const messages = load(
  "@tensorflow/tfjs-node/dist/proto/api_pb",
) as Messages;

/** Google's encoder of single fields, for messages that tfjs-node has no class of. */
interface FieldWriter {
  writeDouble(field: number, value: number): void;
  writeInt64(field: number, value: number): void;
  writeString(field: number, value: string): void;
  writeBytes(field: number, bytes: Uint8Array): void;
  getResultBuffer(): Uint8Array;
}

/** Returns a writer of fields. The package is a dependency of tfjs-node, not of the engine. */
export function fieldWriter(): FieldWriter {
  const ofTfjsNode = createRequire(
    load.resolve("@tensorflow/tfjs-node/package.json"),
  );
  const { BinaryWriter } = ofTfjsNode("google-protobuf") as {
    BinaryWriter: new () => FieldWriter;
  };
  return new BinaryWriter();
}
