/**
 * A LayersModel of TensorFlow.js as the table that Keras prints.
 *
 * The library's `summary()` gives layers the names that Keras would give them and says what memory they take; here the
 * names are those that the model itself goes by.
 */
import type { MimeBundle } from "../channel";
import { singleLine } from "./scalar-text";
import { type Table, tableHtml, tableText } from "./table";

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

/** The part of a tfjs LayersModel that showing it takes. */
interface ModelLike {
  readonly name: string;
  readonly trainable: boolean;
  readonly layers: readonly LayerLike[];
  getClassName(): string;
}

/** The bundle of a LayersModel or Sequential; undefined for anything else. */
export function layersModelBundle(value: object): MimeBundle | undefined {
  if (!isModel(value)) return undefined;
  const table = summaryTable(value);
  return { "text/html": tableHtml(table), "text/plain": tableText(table) };
}

function isModel(value: object): value is ModelLike {
  const model = value as Partial<ModelLike> & {
    readonly countParams?: unknown;
    readonly predict?: unknown;
  };
  // The rarest name first: to ask for a property may run a getter, and of a value that is no model none should run.
  return (
    typeof model.countParams === "function" &&
    typeof model.getClassName === "function" &&
    typeof model.predict === "function" &&
    typeof model.trainable === "boolean" &&
    typeof model.name === "string" &&
    Array.isArray(model.layers)
  );
}

function summaryTable(model: ModelLike): Table {
  const isSequential = model.getClassName() === "Sequential";
  // As in Keras: only a functional model's table has a line for the input.
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
      countText(countParameters(layer.weights)),
    ]),
    notes: [
      ...(isBuilt ? [] : ["This model is not built yet."]),
      `Total params: ${countText(total)}`,
      `Trainable params: ${countText(trainable)}`,
      `Non-trainable params: ${countText(total - trainable)}`,
    ],
  };
}

/** How many numbers the weights hold; one that several layers share counts once. */
function countParameters(weights: readonly WeightLike[]): number {
  const sizes = new Map(
    weights.map(({ id, shape }) => [
      id,
      shape.reduce<number>((size, length) => size * (length ?? 1), 1),
    ]),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** The shape of a layer's last use, as Keras shows it; of a layer with several outputs, all of them. */
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

/** Undefined for a layer that stands in no graph yet, and whose shapes are therefore unknown. */
function lastUse({ inboundNodes = [] }: LayerLike): LayerUse | undefined {
  return inboundNodes[inboundNodes.length - 1];
}

function countText(count: number): string {
  return count.toLocaleString("en-US");
}
