/**
 * Misclassified images.
 */
import { checkCount, checkOneOf } from "../check";
import type { NdArray } from "../data/nd-array";
import type { Split } from "../data/split";
import { take } from "../data/take";
import type { tf } from "../engine/tensorflow";
import { warnOfFormerName, withFormerNames } from "../notebook/former-names";
import { coded } from "../notebook/coded-error";
import type { FigureSource } from "./caption";
import { classNameOf } from "./class-name";
import { escapePlotlyText, type Figure } from "./figure";
import { padWithWhite, mosaic } from "./mosaic";
import { annotation, imageFigure, margin, wrapped } from "./image-figure";

/** A misclassified image. */
export interface Misclassification {
  /** Index of the image in its split. */
  readonly index: number;
  /** @deprecated Use `index`. */
  readonly place: number;
  /** Index of its class. */
  readonly truth: number;
  /** Index of the predicted class. */
  readonly prediction: number;
  /** The predicted probability of that class. */
  readonly probability: number;
}

/** Options of {@link misclassifiedGrid}. */
export interface MisclassifiedGridOptions {
  /** The data set of the images. */
  readonly dataset: FigureSource;
  /** Number of rows; 3 by default. */
  readonly rows?: number;
  /** Number of columns; 5 by default. */
  readonly columns?: number;
  /**
   * Which errors to show: those with the highest predicted probability, or the first of the split;
   * `mostConfident` by default, formerly `surest`.
   */
  readonly order?: "mostConfident" | "first" | "surest";
}

/** Screen pixels per image pixel, and per line of text. */
const scale = 3;
const lineHeight = 15;
/** Maximum characters per line below an image, in bold and otherwise; longer names are wrapped. */
const boldLength = 13;
const lineLength = 17;
/** White space between images, in image pixels. */
const columnGap = 9;
/**
 * Tolerance for the sum of a sample's probabilities. Float32 sums of a hundred values are well
 * within it.
 */
const tolerance = 1e-3;

/**
 * Returns the samples whose likeliest class is not their label, in order. Of equal probabilities
 * the first is used.
 *
 * `labels` (n,) or (n, 1) class indices, `probabilities` (n, classes), as returned by `predict` of
 * a model with a softmax. Throws a RangeError if their lengths differ, if a label is not a class
 * index, or if the probabilities of a sample do not add up to 1. Apply `tf.softmax` first to the
 * outputs of a model without a softmax.
 */
export function misclassified(
  labels: NdArray,
  probabilities: tf.Tensor,
): Misclassification[] {
  const [samples = 0, classes = 0] = probabilities.shape;
  if (probabilities.shape.length !== 2 || samples !== labels.data.length) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`probabilities\` to have shape (${labels.data.length}, classes), received (${probabilities.shape.join(", ")})`,
      ),
    );
  }
  const values = Float32Array.from(probabilities.dataSync());
  const found: Misclassification[] = [];
  labels.data.forEach((truth, index) => {
    if (truth >= classes) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected labels from 0 to ${classes - 1}, received ${truth} at sample ${index}`,
        ),
      );
    }
    const row = values.subarray(index * classes, (index + 1) * classes);
    const sum = row.reduce((total, value) => total + value, 0);
    if (!(Math.abs(sum - 1) <= tolerance) || row.some((value) => value < 0)) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected \`probabilities\` to be non-negative and add up to 1 for each sample, received a sum of ${sum.toFixed(4)} at sample ${index}; apply tf.softmax to logits`,
        ),
      );
    }
    const prediction = row.indexOf(row.reduce((a, b) => Math.max(a, b)));
    if (prediction !== truth) {
      const probability = row[prediction]!;
      found.push(
        withFormerNames(
          "Misclassification",
          { index, truth, prediction, probability },
          { place: "index" },
        ),
      );
    }
  });
  return found;
}

/**
 * Draws misclassified images in rows and columns. Below each image are its true class in bold, the
 * predicted class, and the predicted probability.
 *
 * `split` holds n images and labels, `probabilities` (n, classes) the output of `predict` for them.
 * Unused cells stay white. Throws a RangeError if there are no errors, if `rows` or `columns` is
 * not a positive integer, if `order` is unknown, and what {@link misclassified} throws.
 */
export async function misclassifiedGrid(
  split: Split,
  probabilities: tf.Tensor,
  classNames: readonly string[],
  options: MisclassifiedGridOptions,
): Promise<Figure> {
  const { rows = 3, columns = 5, dataset } = options;
  const order = presentOrder(options.order ?? "mostConfident");
  checkOneOf("order", order, ["mostConfident", "first"]);
  checkCount("rows", rows);
  checkCount("columns", columns);
  const all = misclassified(split.labels, probabilities);
  if (all.length === 0) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected at least one misclassified image, received none among ${split.labels.data.length}`,
      ),
    );
  }
  const sorted =
    order === "first"
      ? all
      : [...all].sort((one, other) => other.probability - one.probability);
  const shown = sorted.slice(0, rows * columns);
  const words = shown.map(({ truth, prediction, probability }) => ({
    truth: classNameOf(truth, classNames),
    prediction: classNameOf(prediction, classNames),
    percent: percentOf(probability),
  }));
  const notes = words.map(({ truth, prediction, percent }) => [
    ...wrapped(truth, boldLength).map(
      (line) => `<b>${escapePlotlyText(line)}</b>`,
    ),
    ...wrapped(`→ ${prediction}`, lineLength).map(escapePlotlyText),
    percent,
  ]);
  const most = Math.max(...notes.map((note) => note.length));
  const usedColumns = Math.min(columns, shown.length);
  const usedRows = Math.ceil(shown.length / usedColumns);
  const images = take(
    split.images,
    shown.map(({ index }) => index),
  );
  const grid = mosaic(padWithWhite(images, usedRows * usedColumns), {
    rows: usedRows,
    columns: usedColumns,
    columnGap,
    rowGap: Math.ceil((most * lineHeight) / scale) + 4,
  });
  return imageFigure(
    grid,
    scale,
    notes.map((text, index) => {
      const corner = grid.corners[index]!;
      return annotation("", {
        text: text.join("<br>"),
        x: corner.x + (grid.imageWidth - 1) / 2,
        y: corner.y + grid.imageHeight,
        xanchor: "center",
        yanchor: "top",
        font: { size: 12 },
      });
    }),
    // The longest lines are wider than the images.
    margin + 4,
    {
      dataset,
      caption: `${shown.length} of ${all.length} errors in ${split.labels.data.length} images${order === "mostConfident" ? ", most confident first" : ""}`,
      text: words
        .map(
          ({ truth, prediction, percent }) =>
            `${truth} predicted as ${prediction}, ${percent}`,
        )
        .join("\n"),
    },
  );
}

function presentOrder(
  order: NonNullable<MisclassifiedGridOptions["order"]>,
): "mostConfident" | "first" {
  if (order !== "surest") return order;
  warnOfFormerName('order: "surest"', 'order: "mostConfident"');
  return "mostConfident";
}

/** Formats a probability as an integer percentage. Only a probability of 1 becomes 100 %. */
function percentOf(probability: number): string {
  const percent = Math.round(probability * 100);
  return `${probability < 1 ? Math.min(percent, 99) : 100} %`;
}
