/**
 * The protocol buffer messages in which TensorFlow receives a graph.
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

interface ShapeMessage extends Message {
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

interface ListMessage extends Message {
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

/** Returns a shape as a message. */
export function shapeMessage(shape: readonly number[]): ShapeMessage {
  const message = new messages.TensorShape();
  for (const size of shape) {
    const dimension = new messages.TensorShape.Dim();
    dimension.setSize(size);
    message.addDim(dimension);
  }
  return message;
}

/** Tag of the only graph in a saved model. */
export const graphTag = "convnotes";

/**
 * Version of TensorFlow's graph format for which the graph is declared to be written
 * (`TF_GRAPH_DEF_VERSION`, which has counted days since about 2018). Attributes added by later
 * versions take their defaults; 2000 is the summer of 2024.
 */
const graphFormatVersion = 2000;

/**
 * Encodes nodes as a saved model with one graph, the only form in which tfjs-node's binding loads
 * graphs.
 */
export function encodeSavedModel(nodes: readonly NodeMessage[]): Uint8Array {
  const versions = new messages.VersionDef();
  versions.setProducer(graphFormatVersion);
  const graph = new messages.GraphDef();
  graph.setNodeList(nodes);
  graph.setVersions(versions);
  const information = new messages.MetaGraphDef.MetaInfoDef();
  information.setTagsList([graphTag]);
  const metaGraph = new messages.MetaGraphDef();
  metaGraph.setMetaInfoDef(information);
  metaGraph.setGraphDef(graph);
  const savedModel = new messages.SavedModel();
  savedModel.setSavedModelSchemaVersion(1);
  savedModel.addMetaGraphs(metaGraph);
  return savedModel.serializeBinary();
}
