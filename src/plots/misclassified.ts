/**
 * Pictures a model took for something else.
 */
import type { NdArray } from "../data/nd-array";
import type { Split } from "../data/split";
import { take } from "../data/take";
import type { tf } from "../engine/tensorflow";
import type { FigureSource } from "./caption";
import { escapePlotlyText, type Figure } from "./figure";
import { filledUp, mosaic } from "./mosaic";
import { margin, note, pictureFigure } from "./picture-figure";

/** A picture that was taken for something else. */
export interface Misclassification {
  /** Place of the picture in its split. */
  readonly place: number;
  /** Number of its class. */
  readonly truth: number;
  /** Number of the class it was taken for. */
  readonly prediction: number;
  /** The probability the model gave that class. */
  readonly probability: number;
}

/** What {@link misclassifiedGrid} can be told. */
export interface MisclassifiedGridOptions {
  /** The data set the pictures are from. */
  readonly dataset: FigureSource;
  /** Number of rows; 3 unless told. */
  readonly rows?: number;
  /** Number of columns; 5 unless told. */
  readonly columns?: number;
  /** Which of the mistakes: those the model was surest of, or the first of the split; `surest` unless told. */
  readonly order?: "surest" | "first";
}

/** Screen pixels a pixel of a picture takes, and those a line of words takes. */
const scale = 3;
const lineHeight = 15;
/** Letters that find room below a picture; longer names go on in the next line. */
const lineLength = 17;
/** White space between pictures, in pixels of the pictures. */
const columnGap = 9;
/** How far probabilities of a sample may be from 1 in all: float32 sums of a hundred numbers stay well within. */
const tolerance = 1e-3;

/**
 * The samples whose likeliest class is not their label, in their order; of equal probabilities the first counts.
 *
 * `labels` (n,) or (n, 1) class numbers, `probabilities` (n, classes), as `predict` of a model with a softmax gives them. Throws a
 * RangeError if the two do not belong together, if a label is not one of the classes, or if the probabilities of a sample do
 * not add up to 1: what a model without a softmax gives has to go through `tf.softmax` first.
 */
export function misclassified(
  labels: NdArray,
  probabilities: tf.Tensor,
): Misclassification[] {
  const [samples = 0, classes = 0] = probabilities.shape;
  if (probabilities.shape.length !== 2 || samples !== labels.data.length) {
    throw new RangeError(
      `Expected \`probabilities\` to have shape (${labels.data.length}, classes), received (${probabilities.shape.join(", ")})`,
    );
  }
  const values = Float32Array.from(probabilities.dataSync());
  const found: Misclassification[] = [];
  labels.data.forEach((truth, place) => {
    if (truth >= classes) {
      throw new RangeError(
        `Expected labels from 0 to ${classes - 1}, received ${truth} at sample ${place}`,
      );
    }
    const row = values.subarray(place * classes, (place + 1) * classes);
    const sum = row.reduce((total, value) => total + value, 0);
    if (!(Math.abs(sum - 1) <= tolerance) || row.some((value) => value < 0)) {
      throw new RangeError(
        `Expected probabilities, from 0 up and adding up to 1 for each sample, received a sum of ${sum.toFixed(4)} at sample ${place}: logits become probabilities by tf.softmax`,
      );
    }
    const prediction = row.indexOf(row.reduce((a, b) => Math.max(a, b)));
    if (prediction !== truth) {
      found.push({ place, truth, prediction, probability: row[prediction]! });
    }
  });
  return found;
}

/**
 * Pictures that were taken for something else in rows and columns, below each its true class in bold, the class it was
 * taken for, and the probability the model gave that class.
 *
 * `split` holds n pictures and labels, `probabilities` (n, classes) what `predict` gives for them. Where there are fewer
 * mistakes than places, the last places stay white. Throws a RangeError if there is no mistake, if `rows`
 * or `columns` is no whole number above 0, for another `order`, and what {@link misclassified} throws.
 */
export async function misclassifiedGrid(
  split: Split,
  probabilities: tf.Tensor,
  classNames: readonly string[],
  options: MisclassifiedGridOptions,
): Promise<Figure> {
  const { rows = 3, columns = 5, dataset, order = "surest" } = options;
  if (order !== "surest" && order !== "first") {
    throw new RangeError(
      `Expected \`order\` to be "surest" or "first", received ${JSON.stringify(order)}`,
    );
  }
  for (const [name, value] of Object.entries({ rows, columns })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Expected \`${name}\` to be a whole number above 0, received ${value}`,
      );
    }
  }
  const all = misclassified(split.labels, probabilities);
  if (all.length === 0) {
    throw new RangeError(
      `Expected at least one picture that was taken for something else, received none of ${split.labels.data.length}`,
    );
  }
  const sorted =
    order === "first"
      ? all
      : [...all].sort((one, other) => other.probability - one.probability);
  const shown = sorted.slice(0, rows * columns);
  const words = shown.map(({ truth, prediction, probability }) => ({
    truth: nameOf(truth, classNames),
    prediction: nameOf(prediction, classNames),
    percent: percentOf(probability),
  }));
  const notes = words.map(({ truth, prediction, percent }) => [
    ...lines(truth).map((line) => `<b>${escapePlotlyText(line)}</b>`),
    ...lines(`→ ${prediction}`).map(escapePlotlyText),
    percent,
  ]);
  const most = Math.max(...notes.map((note) => note.length));
  const usedColumns = Math.min(columns, shown.length);
  const usedRows = Math.ceil(shown.length / usedColumns);
  const images = take(
    split.images,
    shown.map(({ place }) => place),
  );
  const picture = mosaic(filledUp(images, usedRows * usedColumns), {
    rows: usedRows,
    columns: usedColumns,
    columnGap,
    rowGap: Math.ceil((most * lineHeight) / scale) + 4,
  });
  return pictureFigure(
    picture,
    scale,
    notes.map((text, index) => {
      const corner = picture.corners[index]!;
      return note("", {
        text: text.join("<br>"),
        x: corner.x + (picture.pictureWidth - 1) / 2,
        y: corner.y + picture.pictureHeight,
        xanchor: "center",
        yanchor: "top",
        font: { size: 12 },
      });
    }),
    margin,
    {
      dataset,
      caption: `${shown.length} of ${all.length} mistakes in ${split.labels.data.length} pictures${order === "surest" ? ", the surest first" : ""}`,
      text: words
        .map(
          ({ truth, prediction, percent }) =>
            `${truth} taken for ${prediction}, ${percent}`,
        )
        .join("\n"),
    },
  );
}

function nameOf(label: number, classNames: readonly string[]): string {
  const name = classNames[label];
  if (name === undefined) {
    throw new RangeError(
      `Expected labels from 0 to ${classNames.length - 1}, received ${label}`,
    );
  }
  return name;
}

/** A probability in whole per cent; only certainty itself is called 100 %. */
function percentOf(probability: number): string {
  const percent = Math.round(probability * 100);
  return `${probability < 1 ? Math.min(percent, 99) : 100} %`;
}

/** Words put into lines that find room below a picture. */
function lines(text: string): string[] {
  const result: string[] = [];
  for (const word of text.split(" ")) {
    const last = result[result.length - 1];
    if (last !== undefined && `${last} ${word}`.length <= lineLength) {
      result[result.length - 1] = `${last} ${word}`;
    } else {
      result.push(word);
    }
  }
  return result;
}
