/**
 * Builds the course's ten models from the table `models.json`.
 *
 * The table is the only definition of the benchmarks' architectures. The Python peers build from it
 * too, so a difference in time cannot come from a difference in layers.
 */
import { compileFromLogits, tf } from "convnotes";
import { coded } from "../../src/notebook/coded-error";
import table from "./models.json";

/**
 * One layer of the table. Names and meanings follow Keras's arguments; convolutions have stride 1.
 */
export type LayerRow =
  | {
      readonly kind: "convolution";
      readonly filters: number;
      readonly kernelSize: number;
      readonly padding: "valid" | "same";
      readonly activation?: "relu";
      /** Factor of the kernel's L2 penalty. */
      readonly l2?: number;
    }
  | {
      readonly kind: "dense";
      readonly units: number;
      readonly activation?: "relu" | "softmax";
      /** Factor of the kernel's L2 penalty. */
      readonly l2?: number;
    }
  | { readonly kind: "maxPooling"; readonly poolSize: number }
  | { readonly kind: "dropout"; readonly rate: number }
  | { readonly kind: "batchNormalization" | "relu" | "flatten" };

/** One model of the table, with its lesson's training settings. */
export interface ModelRow {
  /** The lesson's number, and a letter if the lesson has several models. */
  readonly name: string;
  readonly title: string;
  readonly inputShape: readonly number[];
  /** The input of the loss. Labels are class indices, (n, 1), in both cases. */
  readonly loss: "logits" | "probabilities";
  /** Learning rate of Adam. */
  readonly learningRate: number;
  readonly batchSize: number;
  readonly evaluateBatchSize: number;
  /**
   * Samples per epoch. Divided by the batch size they leave the same remainder as the lesson's
   * number.
   */
  readonly samples: number;
  /** Images of the large prediction. */
  readonly predictSamples: number;
  /** Number of parameters, including non-trainable ones. */
  readonly parameters: number;
  readonly layers: readonly LayerRow[];
}

/** The ten models, in the course's order. */
export const lessonModels = table as readonly ModelRow[];

/** Returns random inputs and labels for a model, the same ones each time. */
export function randomSamples(
  row: ModelRow,
  samples: number,
): [x: tf.Tensor, y: tf.Tensor] {
  const classes = classesOf(row);
  return [
    tf.randomUniform([samples, ...row.inputShape], 0, 1, "float32", 1),
    tf.cast(
      tf.floor(tf.randomUniform([samples, 1], 0, classes, "float32", 2)),
      row.loss === "logits" ? "int32" : "float32",
    ),
  ];
}

/** Returns the row of one model. Throws an Error if the table has no model of that name. */
export function lessonModel(name: string): ModelRow {
  const row = lessonModels.find((candidate) => candidate.name === name);
  if (row === undefined) {
    const names = lessonModels.map((candidate) => candidate.name).join(", ");
    throw coded(
      "ERR_UNKNOWN_NAME",
      new Error(`Expected a model to be one of ${names}, received ${name}`),
    );
  }
  return row;
}

/** Returns the number of classes: the units of the last layer. */
export function classesOf(row: ModelRow): number {
  const last = row.layers[row.layers.length - 1];
  if (last?.kind !== "dense") {
    throw coded(
      "ERR_INTERNAL",
      new Error(
        `Expected the last layer of model ${row.name} to be dense, received ${last?.kind}`,
      ),
    );
  }
  return last.units;
}

/**
 * Builds a model of the course without compiling it.
 *
 * `width` multiplies the filters and units of every layer except the last.
 *
 * Throws an Error if there is no such model, if `width` is not a positive integer, or if at width 1
 * the number of parameters differs from the table.
 */
export function buildLessonModel(name: string, width = 1): tf.Sequential {
  if (!Number.isInteger(width) || width < 1) {
    throw coded(
      "ERR_INVALID_VALUE",
      new Error(
        `Expected width to be a whole number of at least 1, received ${width}`,
      ),
    );
  }
  const row = lessonModel(name);
  const model = tf.sequential();
  row.layers.forEach((layer, index) => {
    const first = index === 0;
    const last = index === row.layers.length - 1;
    model.add(
      buildLayer(
        layer,
        last ? 1 : width,
        first ? { inputShape: [...row.inputShape] } : {},
      ),
    );
  });
  if (width === 1 && model.countParams() !== row.parameters) {
    throw coded(
      "ERR_INTERNAL",
      new Error(
        `Expected model ${name} to have ${row.parameters} parameters, received ${model.countParams()}`,
      ),
    );
  }
  return model;
}

/**
 * Compiles a model as its lesson does: its loss, accuracy as the metric, and by default Adam at the
 * lesson's learning rate.
 */
export function compileLessonModel(
  model: tf.LayersModel,
  row: Pick<ModelRow, "loss" | "learningRate">,
  optimizer: tf.Optimizer = tf.train.adam(row.learningRate),
): void {
  if (row.loss === "logits") {
    compileFromLogits(model, { optimizer });
  } else {
    model.compile({
      optimizer,
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
  }
}

/** Additional settings of a model's first layer. */
interface InputSettings {
  readonly inputShape?: number[];
}

function buildLayer(
  layer: LayerRow,
  width: number,
  input: InputSettings,
): tf.layers.Layer {
  const { layers } = tf;
  switch (layer.kind) {
    case "convolution":
      return layers.conv2d({
        ...input,
        filters: layer.filters * width,
        kernelSize: layer.kernelSize,
        padding: layer.padding,
        ...activationAndPenalty(layer),
      });
    case "dense":
      return layers.dense({
        ...input,
        units: layer.units * width,
        ...activationAndPenalty(layer),
      });
    case "maxPooling":
      return layers.maxPooling2d({ ...input, poolSize: layer.poolSize });
    case "dropout":
      return layers.dropout({ ...input, rate: layer.rate });
    case "batchNormalization":
      return layers.batchNormalization({ ...input });
    case "relu":
      return layers.reLU({ ...input });
    case "flatten":
      return layers.flatten({ ...input });
  }
}

function activationAndPenalty({
  activation,
  l2,
}: {
  readonly activation?: "relu" | "softmax";
  readonly l2?: number;
}) {
  return {
    ...(activation === undefined ? {} : { activation }),
    ...(l2 === undefined
      ? {}
      : { kernelRegularizer: tf.regularizers.l2({ l2 }) }),
  };
}
