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
  checkSettings,
  className,
  functionName,
  nameIn,
  partOf,
  refuseToWrite,
} from "./function-names";
import {
  isRecord,
  kerasObject,
  refusal,
  shortText,
  type KerasConfig,
} from "./keras-object";
import { asFloats } from "./json-floats";
import { readLoss, writeLoss } from "./losses";
import { readOptimizer, writeOptimizer } from "./optimizer-kinds";

type Metric = string | keras.Metric;

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

/** Returns how a model is compiled, as Keras stores it. */
export function writeCompilation(model: tf.LayersModel): KerasConfig {
  const { loss, optimizer } = model;
  const isFromLogits = isCompiledFromLogits(model) && !hasSoftmax(model);
  return {
    optimizer: asFloats(writeOptimizer(optimizer)),
    loss: isFromLogits
      ? kerasObject("keras.losses", "SparseCategoricalCrossentropy", {
          from_logits: true,
        })
      : mapped(onlyLoss(model, loss), writeLoss),
    loss_weights: null,
    metrics: writeMetrics(model),
    weighted_metrics: null,
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

/** Keras cannot train a model of one output whose loss has the output's name. */
function onlyLoss({ outputs }: tf.LayersModel, loss: unknown): unknown {
  const isNamed = isRecord(loss) && outputs.length === 1;
  return isNamed ? Object.values(loss)[0] : loss;
}

/** Keras wants lists, and of several outputs a list for each. */
function writeMetrics({ metrics: given, outputs }: tf.LayersModel): unknown {
  const measured: unknown = given ?? null;
  if (measured === null) return null;
  const listed = (value: unknown) => (Array.isArray(value) ? value : [value]);
  if (isRecord(measured)) {
    const named = Object.entries(measured).map(([key, each]) => [
      key,
      mapped(listed(each), writeMetric),
    ]);
    return Object.fromEntries(named) as KerasConfig;
  }
  const list = listed(measured);
  const isPerOutput = outputs.length === 1 || list.some(Array.isArray);
  if (list.length === 0) return null;
  return mapped(isPerOutput ? list : outputs.map(() => list), writeMetric);
}

/** Applies a function to a value, or to the values of a list or of an object. */
function mapped(value: unknown, convert: (each: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => mapped(each, convert));
  if (!isRecord(value) || "class_name" in value) return convert(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, mapped(each, convert)]),
  );
}

function writeMetric(metric: unknown): string | undefined {
  if (metric === undefined || metric === null) return undefined;
  // Keras selects the accuracy by the shapes of labels and outputs.
  if (metric === accuracy) return "accuracy";
  // It equals TensorFlow.js's "categoricalAccuracy", which is in the table.
  if (metric === keras.categoricalAccuracy) return "CategoricalAccuracy";
  return nameIn(metrics, metric) ?? refuseToWrite("metric", metric);
}

/** Whether the model of a file was compiled. */
export function hasCompilation(config: unknown): config is KerasConfig {
  return isRecord(config) && isRecord(config["optimizer"]);
}

/**
 * Compiles a model as a Keras file says.
 *
 * `outputKeys` are Keras's names of the outputs, in order; none if they are those of the layers.
 *
 * Sparse categorical cross-entropy of a softmax is computed from its logits, as in Keras. Throws an
 * Error (`ERR_UNSUPPORTED`) for a loss, metric or optimizer that this library does not have.
 */
export function readCompilation(
  model: tf.LayersModel,
  config: KerasConfig,
  outputKeys: readonly string[],
): void {
  for (const key of ["loss_weights", "weighted_metrics"]) {
    if ((config[key] ?? null) === null) continue;
    throw refusal(`no ${key}`, shortText(config[key]));
  }
  const optimizer = readOptimizer(config["optimizer"]);
  const named = (value: unknown) => byLayer(model, value, outputKeys);
  const given = named(config["loss"]);
  if (model.outputs.length === 1 && isFromLogits(model, only(given))) {
    const measured = config["metrics"] ?? [];
    const list = isRecord(measured) ? Object.values(measured) : measured;
    const flat = [mapped(list, readMetric)].flat(2);
    compileFromLogits(model, {
      optimizer,
      metrics: (flat as Metric[]).map((metric) => asFunction(metric)),
    });
    return;
  }
  model.compile({
    optimizer,
    loss: mapped(given, readLoss) as string,
    metrics: readMetrics(model, named(config["metrics"] ?? [])) as never,
  });
}

/** Names the values of an object by the layers of the outputs instead of by Keras's names. */
function byLayer(
  { outputNames }: tf.LayersModel,
  value: unknown,
  outputKeys: readonly string[],
): unknown {
  if (!isRecord(value) || "class_name" in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      outputNames[outputKeys.indexOf(key)] ?? key,
      each,
    ]),
  );
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

/**
 * Whether a loss is sparse categorical cross-entropy of the model's softmax or logits. Throws an
 * Error (`ERR_UNSUPPORTED`) if it has settings that are not read.
 */
function isFromLogits(model: tf.LayersModel, loss: unknown): boolean {
  const { name, config } = partOf(loss);
  if (functionName(name) !== "sparse_categorical_crossentropy") return false;
  const { from_logits: fromLogits, ...rest } = config;
  checkSettings(name, rest);
  return (fromLogits === true) === !hasSoftmax(model);
}

/** Metrics of class indices, as functions. */
function asFunction(metric: Metric): keras.Metric {
  if (typeof metric === "function") return metric;
  if (metric === "accuracy") return accuracy;
  // TensorFlow.js has its function only by this name, which `compile` accepts.
  if (metric === "sparseCategoricalCrossentropy") return metric as never;
  throw refusal("a metric of class indices", metric);
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
  const key = [full, className(full)].find((each) =>
    Object.hasOwn(metrics, each),
  );
  if (key !== undefined) return metrics[key]!;
  throw refusal(
    "a metric that this library has",
    `${name}; \`compile: false\` loads the model without it`,
  );
}
