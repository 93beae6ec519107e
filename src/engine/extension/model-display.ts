/**
 * Displays a TensorFlow.js LayersModel as the table that Keras prints.
 *
 * The library's `summary()` names layers as Keras would and reports their memory. This table
 * uses the model's own names.
 */
import { count, quantity } from "../../notebook/quantity";
import { singleLine } from "../../notebook/scalar-text";
import {
  type TableContent,
  tableHtml,
  tableText,
} from "../../notebook/table-format";
import type { ValueDisplay } from "../../notebook/value-display";

interface WeightLike {
  readonly id: number;
  readonly shape: readonly (number | null)[];
}

interface LayerUse {
  readonly outputShapes: unknown;
}

interface LayerLike {
  readonly name: string;
  readonly weights: readonly WeightLike[];
  readonly trainableWeights: readonly WeightLike[];
  readonly inboundNodes?: readonly LayerUse[];
  getClassName(): string;
}

/** The properties of a tfjs LayersModel that its display needs. */
interface ModelLike {
  readonly name: string;
  readonly trainable: boolean;
  readonly layers: readonly LayerLike[];
  getClassName(): string;
}

/** The display of LayersModel and Sequential. */
export const modelDisplay: ValueDisplay<ModelLike> = {
  matches: isModel,
  toMimeBundle(model) {
    const table = summaryTable(model);
    return { "text/html": tableHtml(table), "text/plain": tableText(table) };
  },
  describe: (model) => ({
    type: model.getClassName(),
    size: quantity(
      countParameters(model.layers.flatMap(({ weights }) => weights)),
      "parameter",
    ),
    preview: `${singleLine(model.name)}, ${quantity(model.layers.length, "layer")}`,
  }),
};

function isModel(value: object): value is ModelLike {
  const model = value as Partial<ModelLike> & {
    readonly countParams?: unknown;
    readonly predict?: unknown;
  };
  // The rarest name first: reading a property may run a getter, and no getter of other values
  // should run.
  return (
    typeof model.countParams === "function" &&
    typeof model.getClassName === "function" &&
    typeof model.predict === "function" &&
    typeof model.trainable === "boolean" &&
    typeof model.name === "string" &&
    Array.isArray(model.layers)
  );
}

function summaryTable(model: ModelLike): TableContent {
  const isSequential = model.getClassName() === "Sequential";
  // As in Keras, only a functional model's table has a row for the input.
  const layers = model.layers.filter(
    (layer) => !isSequential || layer.getClassName() !== "InputLayer",
  );
  const total = countParameters(layers.flatMap(({ weights }) => weights));
  const trainable = model.trainable
    ? countParameters(layers.flatMap((layer) => layer.trainableWeights))
    : 0;
  const isBuilt =
    layers.length > 0 && layers.every((layer) => lastUse(layer) !== undefined);
  return {
    title: `Model: "${singleLine(model.name)}"`,
    columns: [
      { title: "Layer (type)", isNumeric: false },
      { title: "Output Shape", isNumeric: false },
      { title: "Param #", isNumeric: true },
    ],
    rows: layers.map((layer) => [
      singleLine(`${layer.name} (${layer.getClassName()})`),
      outputShapeText(layer),
      count(countParameters(layer.weights)),
    ]),
    notes: [
      ...(isBuilt ? [] : ["This model is not built yet."]),
      `Total params: ${count(total)}`,
      `Trainable params: ${count(trainable)}`,
      `Non-trainable params: ${count(total - trainable)}`,
    ],
  };
}

/** Returns the number of values in the weights; shared weights count once. */
function countParameters(weights: readonly WeightLike[]): number {
  const sizes = new Map(
    weights.map(({ id, shape }) => [
      id,
      shape.reduce<number>((size, length) => size * (length ?? 1), 1),
    ]),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/**
 * Formats the output shape of a layer's last use as Keras does. Lists all shapes if there are
 * several outputs.
 */
function outputShapeText(layer: LayerLike): string {
  const shapes = lastUse(layer)?.outputShapes;
  if (!Array.isArray(shapes)) return "?";
  const several: unknown[] = Array.isArray(shapes[0]) ? shapes : [shapes];
  return several
    .map(
      (shape) =>
        `[${(shape as (number | null)[]).map((length) => length ?? "?").join(", ")}]`,
    )
    .join(", ");
}

/** Returns a layer's last use, or undefined if it is in no graph yet and its shapes are unknown. */
function lastUse({ inboundNodes = [] }: LayerLike): LayerUse | undefined {
  return inboundNodes[inboundNodes.length - 1];
}
