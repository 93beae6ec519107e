/**
 * How a model is compiled: its loss, metrics and optimizer, in Keras and in TensorFlow.js.
 */
import type { tf } from "../../engine/tensorflow";
import * as keras from "../../keras";
import { accuracy } from "../../training/accuracy";
import {
  compileFromLogits,
  hasSoftmax,
  isCompiledFromLogits,
} from "../../training/logits";
import {
  isRecord,
  kerasObject,
  refusal,
  shortText,
  snakeCase,
  type KerasConfig,
} from "./keras-object";
import { readOptimizer, writeOptimizer } from "./optimizer-kinds";

type Loss = string | keras.Loss;
type Metric = string | keras.Metric;

/** Losses of TensorFlow.js by Keras's names of the functions. */
const losses: Readonly<Record<string, Loss>> = {
  binary_crossentropy: "binaryCrossentropy",
  categorical_crossentropy: "categoricalCrossentropy",
  categorical_hinge: "categoricalHinge",
  cosine_similarity: "cosineProximity",
  hinge: keras.hinge,
  kl_divergence: "kullbackLeiblerDivergence",
  log_cosh: "logcosh",
  mean_absolute_error: "meanAbsoluteError",
  mean_absolute_percentage_error: "meanAbsolutePercentageError",
  mean_squared_error: "meanSquaredError",
  mean_squared_logarithmic_error: "meanSquaredLogarithmicError",
  poisson: "poisson",
  sparse_categorical_crossentropy: "sparseCategoricalCrossentropy",
  squared_hinge: keras.squaredHinge,
};

/** Metrics by Keras's names of the classes. */
const metrics: Readonly<Record<string, Metric>> = {
  accuracy: "accuracy",
  BinaryAccuracy: "binaryAccuracy",
  CategoricalAccuracy: "categoricalAccuracy",
  CategoricalCrossentropy: "categoricalCrossentropy",
  CosineSimilarity: keras.cosineSimilarity,
  MeanAbsoluteError: "mae",
  MeanAbsolutePercentageError: "mape",
  MeanSquaredError: "mse",
  Precision: keras.precision,
  Recall: keras.recall,
  SparseCategoricalAccuracy: accuracy,
  SparseCategoricalCrossentropy: "sparseCategoricalCrossentropy",
};

/** Further names of losses and metrics, in Keras and in TensorFlow.js. */
const shortNames: Readonly<Record<string, string>> = {
  acc: "accuracy",
  bce: "binary_crossentropy",
  kld: "kl_divergence",
  kullback_leibler_divergence: "kl_divergence",
  logcosh: "log_cosh",
  mae: "mean_absolute_error",
  mape: "mean_absolute_percentage_error",
  mse: "mean_squared_error",
  msle: "mean_squared_logarithmic_error",
  cosine_proximity: "cosine_similarity",
};

/** Settings of losses and metrics that are read, with their only values. */
const fixed: KerasConfig = {
  reduction: "sum_over_batch_size",
  from_logits: false,
  label_smoothing: 0,
  ignore_class: null,
  axis: -1,
  threshold: 0.5,
  thresholds: null,
  top_k: null,
  class_id: null,
};

/** Returns how a model is compiled, as Keras stores it. */
export function writeCompilation(model: tf.LayersModel): KerasConfig {
  const { loss, metrics: measured, optimizer } = model;
  const isFromLogits = isCompiledFromLogits(model) && !hasSoftmax(model);
  return {
    optimizer: writeOptimizer(optimizer),
    loss: isFromLogits
      ? kerasObject("keras.losses", "SparseCategoricalCrossentropy", {
          from_logits: true,
        })
      : mapped(loss, writeLoss),
    loss_weights: null,
    metrics: mapped(measured, writeMetric) ?? null,
    weighted_metrics: null,
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

/** Applies a function to a value, or to the values of a list or of an object. */
function mapped(value: unknown, convert: (each: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => mapped(each, convert));
  if (!isRecord(value) || "class_name" in value) return convert(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, mapped(each, convert)]),
  );
}

function writeLoss(loss: unknown): string {
  return nameIn(losses, loss) ?? refuseToWrite("loss", loss);
}

function writeMetric(metric: unknown): string | undefined {
  if (metric === undefined || metric === null) return undefined;
  // Keras selects the accuracy by the shapes of labels and outputs.
  if (metric === accuracy) return "accuracy";
  return nameIn(metrics, metric) ?? refuseToWrite("metric", metric);
}

/** Returns Keras's name of a function of this library, or of one with a name in TensorFlow.js. */
function nameIn(
  table: Readonly<Record<string, Loss | Metric>>,
  value: unknown,
): string | undefined {
  const keys = Object.keys(table);
  if (typeof value !== "string") {
    return keys.find((key) => table[key] === value);
  }
  const lower = /^[A-Z]+$/.test(value) ? value.toLowerCase() : snakeCase(value);
  const name = shortNames[lower] ?? lower;
  // A function in the table computes something else than TensorFlow.js's of the same name.
  return keys.find(
    (key) =>
      typeof table[key] === "string" && [name, className(name)].includes(key),
  );
}

/** Returns the name of the class of a function: `mean_squared_error` becomes `MeanSquaredError`. */
function className(name: string): string {
  return name.replace(/(?:^|_)(\w)/g, (_, letter: string) =>
    letter.toUpperCase(),
  );
}

function refuseToWrite(what: string, value: unknown): never {
  const name = typeof value === "function" ? value.name : shortText(value);
  throw refusal(
    `a ${what} that Keras has, of TensorFlow.js or of keras`,
    `${name}; \`includeOptimizer: false\` saves the model without loss, metrics and optimizer`,
  );
}

/**
 * Compiles a model as a Keras file says. Does nothing if the model was not compiled.
 *
 * Sparse categorical cross-entropy of a softmax is computed from its logits, as in Keras. Throws an
 * Error (`ERR_UNSUPPORTED`) for a loss, metric or optimizer that this library does not have.
 */
export function readCompilation(model: tf.LayersModel, config: unknown): void {
  if (!isRecord(config) || !isRecord(config["optimizer"])) return;
  for (const key of ["loss_weights", "weighted_metrics"]) {
    if ((config[key] ?? null) === null) continue;
    throw refusal(`no ${key}`, shortText(config[key]));
  }
  const optimizer = readOptimizer(config["optimizer"]);
  const given = config["loss"];
  if (model.outputs.length === 1 && isFromLogits(model, only(given))) {
    const flat = [mapped(config["metrics"] ?? [], readMetric)].flat(2);
    compileFromLogits(model, {
      optimizer,
      metrics: (flat as Metric[]).map((metric) => asFunction(metric)),
    });
    return;
  }
  model.compile({
    optimizer,
    loss: mapped(given, readLoss) as string,
    metrics: readMetrics(model, config["metrics"] ?? []) as never,
  });
}

/** Returns the metrics of all outputs or, for a list of lists, of each output by its name. */
function readMetrics(model: tf.LayersModel, given: unknown): unknown {
  const metrics = mapped(given, readMetric);
  if (!Array.isArray(metrics) || !metrics.some(Array.isArray)) return metrics;
  return Object.fromEntries(
    model.outputNames.map((name, index) => [name, metrics[index] ?? []]),
  );
}

/** Returns the only element of lists with one, otherwise the value itself. */
function only(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? only(value[0]) : value;
}

/** Whether a loss is sparse categorical cross-entropy of the model's softmax or logits. */
function isFromLogits(model: tf.LayersModel, loss: unknown): boolean {
  const { name, config } = partOf(loss);
  return (
    functionName(name) === "sparse_categorical_crossentropy" &&
    (config["from_logits"] === true) === !hasSoftmax(model)
  );
}

/** Metrics of class indices, as functions. */
function asFunction(metric: Metric): keras.Metric {
  if (typeof metric === "function") return metric;
  if (metric === "accuracy") return accuracy;
  throw refusal("a metric of class indices", metric);
}

/** The name and the settings of a loss or metric. */
interface Part {
  readonly name: string;
  readonly config: KerasConfig;
}

/** Returns the name and the settings of a loss or metric: a name, a function or an object. */
function partOf(value: unknown): Part {
  if (typeof value === "string") return { name: value, config: {} };
  if (!isRecord(value)) return { name: shortText(value), config: {} };
  const { class_name: name, config } = value;
  if (name === "function") return { name: String(config), config: {} };
  return { name: String(name), config: isRecord(config) ? config : {} };
}

/** Returns the full name of a function of Keras, also for the name of its class. */
function functionName(name: string): string {
  const lower = /^[A-Z]/.test(name)
    ? snakeCase(name).slice(1).replace("k_l_", "kl_")
    : name;
  return shortNames[lower] ?? lower;
}

function readLoss(value: unknown): Loss {
  const { name, config } = partOf(value);
  const found = losses[functionName(name)];
  if (found === undefined) {
    throw refusal(
      "a loss that this library has",
      `${name}; \`compile: false\` loads the model without it`,
    );
  }
  checkSettings(name, config);
  return found;
}

function readMetric(value: unknown): Metric {
  const { name, config } = partOf(value);
  const k = (config["k"] ?? 5) as number;
  const full = functionName(name);
  checkSettings(name, config);
  if (full === "top_k_categorical_accuracy") {
    return keras.topKCategoricalAccuracy(k);
  }
  if (full === "sparse_top_k_categorical_accuracy") {
    return keras.sparseTopKCategoricalAccuracy(k);
  }
  const found = metrics[full] ?? metrics[className(full)];
  if (found !== undefined) return found;
  throw refusal(
    "a metric that this library has",
    `${name}; \`compile: false\` loads the model without it`,
  );
}

function checkSettings(name: string, config: KerasConfig): void {
  for (const [key, only] of Object.entries(fixed)) {
    const given = config[key] ?? only;
    if (given === only) continue;
    throw refusal(`${key} of ${name} to be ${only}`, shortText(given));
  }
}
