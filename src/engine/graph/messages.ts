/**
 * Encodes a graph as the protocol buffer messages in which TensorFlow receives it.
 */
import {
  messages,
  type GraphMessage,
  type NodeMessage,
  type ShapeMessage,
} from "../tfjs/graph-messages";

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

/** Returns nodes as a graph. */
export function graphMessage(nodes: readonly NodeMessage[]): GraphMessage {
  const versions = new messages.VersionDef();
  versions.setProducer(graphFormatVersion);
  const graph = new messages.GraphDef();
  graph.setNodeList(nodes);
  graph.setVersions(versions);
  return graph;
}

/**
 * Encodes nodes as a saved model with one graph, the only form in which tfjs-node's binding loads
 * graphs.
 */
export function encodeSavedModel(nodes: readonly NodeMessage[]): Uint8Array {
  const information = new messages.MetaGraphDef.MetaInfoDef();
  information.setTagsList([graphTag]);
  const metaGraph = new messages.MetaGraphDef();
  metaGraph.setMetaInfoDef(information);
  metaGraph.setGraphDef(graphMessage(nodes));
  const savedModel = new messages.SavedModel();
  savedModel.setSavedModelSchemaVersion(1);
  savedModel.addMetaGraphs(metaGraph);
  return savedModel.serializeBinary();
}
