/**
 * Models in TensorFlow.js's own format: a folder with `model.json` and `weights.bin`.
 */
import path from "node:path";
import { replaceFolder } from "../../replace-file";
import { tf } from "../../engine/tensorflow";
import {
  containersOf,
  frozenContainers,
  withParts,
} from "../../engine/tfjs/layer-parts";
import { assignValue } from "../../engine/tfjs/layer-variable";
import { coded } from "../../notebook/coded-error";
import { accuracy } from "../../training/accuracy";
import { compileFromLogits, isCompiledFromLogits } from "../../training/logits";
import { getWeights, setWeights, variablesOf } from "../../training/weights";
import {
  readArtifacts,
  topologyName,
  weightsName,
  type Artifacts,
} from "./model-folder";

type SaveHandler = Parameters<typeof tf.io.withSaveHandler>[0];

/** What this library adds to the metadata of a model. */
interface OwnMetadata {
  /** The loss is computed from the logits, see `compileFromLogits`. */
  readonly fromLogits?: boolean;
  /** The frozen models and wrappers, by their number: TensorFlow.js saves `trainable` of layers. */
  readonly frozen?: readonly number[];
}

/**
 * Writes a model to a folder, with loss, metrics and optimizer if the model has them.
 *
 * Throws an Error (`ERR_UNSUPPORTED`) if TensorFlow.js cannot load the loss, a metric or the
 * optimizer's state, and what `replaceFolder` throws.
 */
export async function writeLayersModel(
  model: tf.LayersModel,
  folder: string,
  includeOptimizer: boolean,
): Promise<void> {
  const isCompiled =
    (model.optimizer as tf.Optimizer | undefined | null) != null;
  if (includeOptimizer && isCompiled) checkCompilation(model);
  const artifacts = await artifactsOf(model, includeOptimizer);
  await checkLoads(artifacts);
  const { weightData, weightSpecs, userDefinedMetadata, ...rest } = artifacts;
  const isFromLogits =
    includeOptimizer && isCompiled && isCompiledFromLogits(model);
  const frozen = frozenContainers(model);
  const own: OwnMetadata = {
    ...(isFromLogits ? { fromLogits: true } : {}),
    ...(frozen.length > 0 ? { frozen } : {}),
  };
  const metadata = {
    ...userDefinedMetadata,
    ...(Object.keys(own).length > 0 ? { convnotes: own } : {}),
  };
  await replaceFolder(folder, {
    [topologyName]: JSON.stringify({
      ...rest,
      ...(Object.keys(metadata).length > 0
        ? { userDefinedMetadata: metadata }
        : {}),
      weightsManifest: [{ paths: [weightsName], weights: weightSpecs }],
    }),
    [weightsName]: bytesOf(weightData),
  });
}

/** Returns what TensorFlow.js saves of a model. */
async function artifactsOf(
  model: tf.LayersModel,
  includeOptimizer: boolean,
): Promise<Artifacts> {
  let artifacts: Artifacts | undefined;
  const keep: SaveHandler = async (given) => {
    artifacts = given;
    return {
      modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" },
    };
  };
  await model.save(tf.io.withSaveHandler(keep), { includeOptimizer });
  return artifacts!;
}

/** TensorFlow.js saves some layers in a form that it does not load. */
async function checkLoads(artifacts: Artifacts): Promise<void> {
  const { trainingConfig, ...untrained } = artifacts;
  void trainingConfig;
  try {
    const copy = await tf.loadLayersModel(tf.io.fromMemory(untrained));
    copy.dispose();
  } catch (error) {
    // A class of the user's may be registered when the model is loaded.
    if (error instanceof Error && error.message.startsWith("Unknown")) return;
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        `Expected a model that TensorFlow.js loads from its own format, received one that it does not: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      ),
    );
  }
}

function bytesOf(data: Artifacts["weightData"]): Uint8Array {
  return Buffer.concat([data ?? []].flat().map((part) => Buffer.from(part)));
}

/** TensorFlow.js saves names only, and loads its own function of a name. */
function checkCompilation(model: tf.LayersModel): void {
  const byOutput: unknown = model.metrics;
  if (
    typeof byOutput === "object" &&
    byOutput !== null &&
    !Array.isArray(byOutput)
  ) {
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        "Expected metrics in one list for all outputs, received metrics by output; save the model as .keras or with `includeOptimizer: false`",
      ),
    );
  }
  const losses = valuesOf(model.loss);
  const metrics = valuesOf(model.metrics).filter((each) => each !== accuracy);
  const part = [...losses, ...metrics].find(
    (each) => typeof each === "function",
  );
  const name =
    typeof part === "function"
      ? `the function ${part.name}`
      : model.optimizer.getClassName();
  if (part === undefined && name !== "Adamax") return;
  throw coded(
    "ERR_UNSUPPORTED",
    new Error(
      `Expected a loss, metrics and an optimizer that TensorFlow.js loads, received ${name}; save the model as .keras or with \`includeOptimizer: false\``,
    ),
  );
}

/** Returns a value, or the values of a list or of an object by output. */
function valuesOf(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [value];
  return Object.values(value).flatMap(valuesOf);
}

/**
 * Loads the model of a folder.
 *
 * With `compile`, also compiles it and restores the state of its optimizer. Throws an Error
 * (`ERR_FILE_MISSING`) if a file is missing, an Error (`ERR_FILE_FORMAT`) if one is damaged, and
 * an Error (`ERR_UNSUPPORTED`) for a class that is not registered.
 */
export async function readLayersModel(
  folder: string,
  compile: boolean,
): Promise<tf.LayersModel> {
  const artifacts = await readArtifacts(folder);
  try {
    return await modelOf(artifacts, compile);
  } catch (error) {
    if (error instanceof Error && "code" in error) throw error;
    const text = error instanceof Error ? error.message : String(error);
    const isUnknown = text.startsWith("Unknown");
    const rule = isUnknown
      ? "to have classes that are registered with TensorFlow.js"
      : "to have a model that TensorFlow.js can create";
    throw coded(
      isUnknown ? "ERR_UNSUPPORTED" : "ERR_FILE_FORMAT",
      new Error(
        `Expected ${path.join(folder, topologyName)} ${rule}, received its error: ${text.slice(0, 200)}`,
        { cause: error },
      ),
    );
  }
}

async function modelOf(
  artifacts: Artifacts,
  compile: boolean,
): Promise<tf.LayersModel> {
  const { trainingConfig, userDefinedMetadata, ...rest } = artifacts;
  const { convnotes = {}, ...metadata } = (userDefinedMetadata ?? {}) as {
    readonly convnotes?: OwnMetadata;
  };
  const isUsers = Object.keys(metadata).length > 0;
  const { frozen = [] } = convnotes;
  const config = compile ? trainingConfig : undefined;
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      ...rest,
      ...(config && frozen.length === 0 ? { trainingConfig: config } : {}),
      ...(isUsers ? { userDefinedMetadata: metadata } : {}),
    }),
  );
  restoreConstrained(model, artifacts);
  if (frozen.length > 0) {
    const containers = containersOf(withParts(model));
    for (const index of frozen) containers[index]!.trainable = false;
    if (config) await compileAsSaved(model, config, artifacts);
  }
  const isCompiled =
    (model.optimizer as tf.Optimizer | undefined | null) != null;
  if (isCompiled && convnotes.fromLogits === true) {
    const { optimizer, metrics } = model;
    compileFromLogits(model, {
      optimizer,
      metrics: valuesOf(metrics).length === 0 ? [] : [accuracy],
    });
  }
  return model;
}

/** Compiles a model and restores its optimizer, as TensorFlow.js does while it loads. */
async function compileAsSaved(
  model: tf.LayersModel,
  config: NonNullable<Artifacts["trainingConfig"]>,
  { weightData, weightSpecs = [] }: Artifacts,
): Promise<void> {
  type Config = Parameters<tf.LayersModel["loadTrainingConfig"]>[0];
  model.loadTrainingConfig(config as Config);
  const specs = weightSpecs.filter(({ group }) => group === "optimizer");
  if (specs.length === 0) return;
  const values = tf.io.decodeWeights(weightData!, weightSpecs);
  await model.optimizer.setWeights(
    specs.map(({ name }) => ({ name, tensor: values[name]! })),
  );
  tf.dispose(values);
}

/** Gives weights with constraints the file's values, which TensorFlow.js has constrained. */
function restoreConstrained(
  model: tf.LayersModel,
  { weightData, weightSpecs = [] }: Artifacts,
): void {
  const constrained = variablesOf(model).filter(
    ({ constraint }) => constraint != null,
  );
  if (constrained.length === 0) return;
  const values = tf.io.decodeWeights(weightData!, weightSpecs);
  for (const variable of constrained) {
    const value = values[variable.originalName];
    if (value !== undefined) assignValue(variable, value);
  }
  tf.dispose(values);
}

/**
 * Sets the weights of a model from the model of a folder. Throws an Error (`ERR_SHAPE`) that names
 * the weight if one does not match.
 */
export async function readLayersWeights(
  model: tf.LayersModel,
  folder: string,
): Promise<void> {
  const other = await readLayersModel(folder, false);
  try {
    setWeights(model, getWeights(other));
  } finally {
    other.dispose();
  }
}
