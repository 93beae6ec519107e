/**
 * Names of fields and methods of tfjs's models, layers and optimizers, by what they affect.
 */

/** Fields that do not affect what a step does, or that change in each step. */
export const fieldsWithoutEffect: ReadonlySet<PropertyKey> =
  new Set<PropertyKey>([
    "inboundNodes",
    "outboundNodes",
    "nodesByDepth",
    "layersByDepth",
    "containerNodes",
    "internalContainerRefs",
    "history",
    "isTraining",
    "stopTraining_",
    "trainFunction",
    "testFunction",
    "predictFunction",
    "iterations_",
    "_refCount",
  ]);

/**
 * Methods of a model that build or run it but are not part of a step. They may be wrapped: `add`,
 * `build` and `compile` by this library, and others by a notebook's kernel, to end a run between
 * two steps.
 */
export const methodsAroundSteps: ReadonlySet<PropertyKey> =
  new Set<PropertyKey>([
    "add",
    "build",
    "compile",
    "evaluate",
    "evaluateDataset",
    "fit",
    "fitDataset",
    "pop",
    "predict",
    "predictOnBatch",
    "save",
    "summary",
    "trainOnBatch",
  ]);

/** Initializers of tfjs's layers, which run when a layer is built, not in a step. */
export const initializerField = /^[a-zA-Z]+Initializer$/;

/**
 * Fields of a model that affect its steps. Others may belong to the user's program, such as a step
 * counter or a log.
 */
export const fieldsOfModel: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  "_callHook",
  "_losses",
  "_updates",
  "activityRegularizer",
  "collectedTrainableWeights",
  "feedLossFns",
  "feedOutputShapes",
  "inputLayers",
  "inputLayersNodeIndices",
  "inputLayersTensorIndices",
  "inputs",
  "layers",
  "lossFunctions",
  "metricsTensors",
  "optimizer_",
  "outputLayers",
  "outputLayersNodeIndices",
  "outputLayersTensorIndices",
  "outputs",
]);

/** Fields of a model that affect only its training. */
export const fieldsOfTraining = ["optimizer_", "collectedTrainableWeights"];

/** Fields of a model that affect its training and evaluation, but not its prediction. */
export const fieldsOfEvaluation = [
  "loss",
  "lossFunctions",
  "feedLossFns",
  "feedOutputShapes",
  "metrics",
  "metricsNames",
  "metricsTensors",
];
