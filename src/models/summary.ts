/**
 * Model summaries in Keras's format: layers, shapes and parameters.
 *
 * tfjs's own `model.summary()` prints to the console, shows input shapes instead of Keras's
 * columns, and has neither thousands separators nor memory sizes.
 */
import { shapeText } from "../data/shape-text";
import type { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import { escapeHtml } from "../notebook/html";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import { count } from "../notebook/quantity";
import { kerasLayerNames, kerasType } from "./layer-names";

type Layer = tf.layers.Layer;

/** A shape; `null` for an axis of variable length, which Keras prints as `None`. */
export type OutputShape = readonly (number | null)[];

/** One layer of a summary. */
export interface SummaryRow {
  /** Name of the layer in Keras's style. */
  readonly name: string;
  /** Class of the layer, such as `Conv2D`. */
  readonly type: string;
  /** Shape of its output, batch axis first; several if the layer has several outputs. */
  readonly outputShapes: readonly OutputShape[];
  /** Number of its parameters, trainable or not. */
  readonly parameters: number;
}

/** The result of {@link summary}: rows and totals as data, displayed as a table. */
export class ModelSummary implements Displayable {
  /** Name of the model in Keras's style, as for the first model of a session. */
  readonly name: string;
  readonly rows: readonly SummaryRow[];
  /** Number of parameters; shared parameters count once. */
  readonly totalParameters: number;
  readonly trainableParameters: number;
  readonly nonTrainableParameters: number;

  constructor(model: tf.LayersModel) {
    const isSequential = model.getClassName() === "Sequential";
    // Keras omits the input layer from the summary of a sequential model, and shows it for a
    // functional one.
    const layers = model.layers.filter(
      (layer) => !isSequential || layer.getClassName() !== "InputLayer",
    );
    const names = kerasLayerNames(layers);
    this.name = kerasLayerNames([model])[0]!;
    this.rows = layers.map((layer, index) => ({
      name: names[index]!,
      type: kerasType(layer),
      outputShapes: outputShapesOf(layer),
      parameters: countParameters([...layer.weights]),
    }));
    this.totalParameters = countParameters(
      layers.flatMap((layer) => layer.weights),
    );
    this.trainableParameters = model.trainable
      ? countParameters(layers.flatMap((layer) => layer.trainableWeights))
      : 0;
    this.nonTrainableParameters =
      this.totalParameters - this.trainableParameters;
  }

  /** Returns the table as text in the format of Keras 3. */
  toString(): string {
    const cells = this.#cells();
    const widths = header.map((title, column) =>
      Math.max(title.length, ...cells.map((row) => row[column]!.length)),
    );
    const line = (row: readonly string[], edge: string) =>
      `${edge} ${row
        .map((text, column) =>
          column === 2
            ? text.padStart(widths[column]!)
            : text.padEnd(widths[column]!),
        )
        .join(` ${edge} `)} ${edge}`;
    const rule = (left: string, bar: string, cross: string, right: string) =>
      left + widths.map((width) => bar.repeat(width + 2)).join(cross) + right;
    const body = cells.map((row) => line(row, "│"));
    return [
      `Model: "${this.name}"`,
      rule("┏", "━", "┳", "┓"),
      line(header, "┃"),
      rule("┡", "━", "╇", "┩"),
      body.join(`\n${rule("├", "─", "┼", "┤")}\n`),
      rule("└", "─", "┴", "┘"),
      ...this.#totals(),
    ].join("\n");
  }

  [jupyterDisplay](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": this.#html() };
  }

  #cells(): string[][] {
    return this.rows.map(({ name, type, outputShapes, parameters }) => [
      `${name} (${type})`,
      outputShapes.map(shapeText).join(", "),
      count(parameters),
    ]);
  }

  #totals(): string[] {
    const totals: [string, number][] = [
      ["Total params", this.totalParameters],
      ["Trainable params", this.trainableParameters],
      ["Non-trainable params", this.nonTrainableParameters],
    ];
    return totals.map(
      ([label, value]) => `${label}: ${count(value)} (${memorySize(value)})`,
    );
  }

  #html(): string {
    const row = (tag: "th" | "td", texts: readonly string[]) =>
      `<tr>${texts
        .map((text, column) => {
          const side = column === 2 ? "right" : "left";
          return `<${tag} style="text-align: ${side}">${escapeHtml(text)}</${tag}>`;
        })
        .join("")}</tr>`;
    return [
      `<div class="convnotes-summary"><div><strong>Model: ${escapeHtml(`"${this.name}"`)}</strong></div>`,
      `<table><thead>${row("th", header)}</thead>`,
      `<tbody>${this.#cells()
        .map((cells) => row("td", cells))
        .join("\n")}</tbody></table>`,
      ...this.#totals().map((total) => `<div>${escapeHtml(total)}</div>`),
      "</div>",
    ].join("\n");
  }
}

/**
 * Creates a model's summary, to show as a cell's last value.
 *
 * It describes the current layers, whether the model is compiled or not. Throws an Error
 * (`ERR_INVALID_STATE`) if the model has no layers, because its shapes are then unknown.
 */
export function summary(model: tf.LayersModel): ModelSummary {
  if (model.layers.length === 0) {
    throw coded(
      "ERR_INVALID_STATE",
      new Error(
        "Expected a model with at least one layer, received one without",
      ),
    );
  }
  return new ModelSummary(model);
}

const header = ["Layer (type)", "Output Shape", "Param #"] as const;

const bytesPerParameter = Float32Array.BYTES_PER_ELEMENT;

/** Formats the memory size of float32 parameters like Keras 3: 1 KB is 1024 bytes. */
export function memorySize(parameters: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = parameters * bytesPerParameter;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(2)} ${units[unit]}`;
}

function outputShapesOf(layer: Layer): OutputShape[] {
  const nodes = layer.inboundNodes;
  // Like Keras, the last use of a layer that is used several times.
  const shapes: unknown = nodes[nodes.length - 1]?.outputShapes;
  if (!Array.isArray(shapes)) return [];
  return Array.isArray(shapes[0])
    ? (shapes as OutputShape[])
    : [shapes as OutputShape];
}

function countParameters(weights: readonly tf.LayerVariable[]): number {
  const sizes = new Map(
    weights.map((weight) => [
      weight.id,
      weight.shape.reduce<number>((size, length) => size * (length ?? 1), 1),
    ]),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
