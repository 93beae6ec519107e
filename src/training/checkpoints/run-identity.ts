/**
 * What a run must have in common with the one that a checkpoint belongs to: architecture,
 * optimizer, loss, data and options.
 */
import { createHash } from "node:crypto";
import { isStockFunction } from "../../engine/parts/stock-functions";
import type { KeptRun } from "../../engine/models/run-keeper";
import { tf } from "../../engine/tensorflow";
import {
  frozenContainers,
  type LayerParts,
  partsOf,
  withParts,
} from "../../engine/tfjs/layer-parts";
import type { KerasOptimizer } from "../../keras/optimizers/keras-optimizer";
import { variablesOf } from "../weights";
import { callbackSettings, type Json } from "./saved-part";

/** The identity of a run; two runs are the same if theirs are equal. */
export type RunIdentity = Readonly<Record<string, Json>>;

/** Number of samples that are hashed for large data, first and last included. */
const samplesRead = 64;
/** Size in bytes up to which all values are hashed. */
const wholeBelow = 2 ** 20;
/** Number of differences that a message names. */
const mostNamed = 3;

/** Where the configuration of a model has names of layers. */
const namingKeys: ReadonlySet<string> = new Set([
  "name",
  "inboundNodes",
  "inputLayers",
  "outputLayers",
]);

/** The settings that each optimizer had when its first run with a folder of checkpoints began. */
const settings = new WeakMap<tf.Optimizer, Map<string, Json>>();

/**
 * Returns the identity of a run that begins.
 *
 * @param run The run.
 * @param folder Its folder of checkpoints.
 * @param options Further options that belong to the identity.
 */
export function identityOf(
  run: KeptRun,
  folder: string,
  options: RunIdentity,
): RunIdentity {
  const { model, data, validationData, batchSize, shuffle } = run;
  const identity = {
    model: architectureOf(model as unknown as tf.LayersModel),
    optimizer: settingsOf(model.optimizer_, folder),
    ...frozenParts(model as unknown as tf.LayersModel),
    ...undecayedWeights(model as unknown as tf.LayersModel),
    loss: model.lossFunctions.map(nameOf),
    ...lossSettings(model.lossFunctions),
    metrics: [...run.labels],
    data: data.map(describe),
    validationData: validationData.map(describe),
    batchSize,
    shuffle,
    ...callbackSettings(run.callbacks),
    ...options,
  };
  // A round trip through JSON, so that it equals an identity read from a checkpoint.
  return JSON.parse(JSON.stringify(identity)) as RunIdentity;
}

/**
 * Returns the differences between a checkpoint's run and another, as a list:
 * "optimizer.learningRate is 0.001 in the checkpoint and 0.01 in this run". Empty if they are the
 * same run.
 */
export function differences(there: RunIdentity, here: RunIdentity): string {
  const found = [...differing(there, here, "")];
  const named = found.slice(0, mostNamed).join("; ");
  const more = found.length - mostNamed;
  return more > 0 ? `${named}; and ${more} more` : named;
}

function* differing(
  there: Json | undefined,
  here: Json | undefined,
  path: string,
): Generator<string, void, undefined> {
  if (isObject(there) && isObject(here)) {
    for (const name of new Set([...Object.keys(there), ...Object.keys(here)])) {
      const isIndex = Array.isArray(here);
      const place = isIndex
        ? `${path}[${name}]`
        : path === ""
          ? name
          : `${path}.${name}`;
      yield* differing(there[name], here[name], place);
    }
  } else if (!Object.is(there, here)) {
    yield `${path} is ${textOf(there)} in the checkpoint and ${textOf(here)} in this run`;
  }
}

function isObject(
  value: Json | undefined,
): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null;
}

function textOf(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/**
 * Returns a model's architecture. Names do not count: tfjs numbers them, and the same cell makes
 * others when it runs again.
 */
function architectureOf(model: tf.LayersModel): Json {
  const names = new Map<string, string>();
  const number = (layer: LayerParts): void => {
    if (!names.has(layer.name)) names.set(layer.name, `#${names.size}`);
    for (const part of partsOf(layer)) number(part);
  };
  number(withParts(model));
  const config = { class: model.getClassName(), ...model.getConfig() };
  return renamed(JSON.parse(JSON.stringify(config)) as Json, names, false);
}

/** Returns a configuration with other names of layers. Other texts may be equal to a name. */
function renamed(
  value: Json,
  names: ReadonlyMap<string, string>,
  isName: boolean,
): Json {
  if (typeof value === "string") {
    return isName ? (names.get(value) ?? value) : value;
  }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((each) =>
      renamed(each, names, isName),
    );
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      renamed(each, names, namingKeys.has(key)),
    ]),
  );
}

/**
 * Returns which models and wrappers within a model are frozen, by their number. The configuration
 * has `trainable` of layers, but not of models.
 */
function frozenParts(model: tf.LayersModel): { frozenParts?: Json } {
  const frozen = frozenContainers(model);
  return frozen.length > 0 ? { frozenParts: frozen } : {};
}

/** Returns which weights are excluded from weight decay, by their number. */
function undecayedWeights(model: tf.LayersModel): {
  excludedFromWeightDecay?: Json;
} {
  const { optimizer } = model;
  if (!isOfKeras(optimizer)) return {};
  const excludedFromWeightDecay = variablesOf(model).flatMap(
    (variable, index) =>
      optimizer.isExcludedFromWeightDecay(variable.read() as tf.Variable)
        ? [index]
        : [],
  );
  return excludedFromWeightDecay.length > 0 ? { excludedFromWeightDecay } : {};
}

/** To `instanceof`, all optimizers of tfjs are instances of every class of optimizers. */
function isOfKeras(optimizer: tf.Optimizer): optimizer is KerasOptimizer {
  return "isExcludedFromWeightDecay" in optimizer;
}

/** Returns the settings of losses that have any, such as label smoothing. */
function lossSettings(losses: readonly object[]): { lossSettings?: Json } {
  const settings = losses.map(
    (loss) => (loss as { settings?: Json }).settings ?? null,
  );
  return settings.some((each) => each !== null)
    ? { lossSettings: settings }
    : {};
}

/**
 * Returns an optimizer's class and settings. A schedule changes them during a run, so they are
 * those of the first run.
 */
function settingsOf(optimizer: tf.Optimizer, folder: string): Json {
  const known = settings.get(optimizer) ?? new Map<string, Json>();
  settings.set(optimizer, known);
  const before = known.get(folder);
  if (before !== undefined) return before;
  const text = JSON.stringify({
    class: optimizer.getClassName(),
    ...optimizer.getConfig(),
  });
  const now = JSON.parse(text) as Json;
  known.set(folder, now);
  return now;
}

/** Returns a function's name, with a digest of its text if it is the user's. */
function nameOf(loss: (...parameters: never[]) => unknown): string {
  const name = loss.name || "function";
  return isStockFunction(loss) ? name : `${name} ${digest([loss.toString()])}`;
}

/**
 * Returns type, shape and a digest of a tensor's values: all of them if they are few, otherwise
 * those of some samples.
 */
function describe(tensor: tf.Tensor | null | undefined): Json {
  if (tensor == null) return null;
  const { dtype, shape, size } = tensor;
  const samples = shape[0] ?? 1;
  const isSmall = size * 4 <= wholeBelow || samples <= samplesRead;
  const values = tf.tidy(() => {
    if (isSmall) return tensor.dataSync();
    const rows = Array.from({ length: samplesRead }, (_, index) =>
      Math.round((index * (samples - 1)) / (samplesRead - 1)),
    );
    return tf.gather(tensor, tf.tensor1d(rows, "int32")).dataSync();
  });
  const bytes = ArrayBuffer.isView(values)
    ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    : JSON.stringify(values);
  return { dtype, shape: [...shape], digest: digest([bytes]) };
}

function digest(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 16);
}
