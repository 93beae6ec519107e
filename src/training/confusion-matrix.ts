/**
 * Which classes are taken for which.
 */
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import { Table } from "../notebook/table";

/** Class numbers, one a sample: an `NdArray` of shape (n,) or (n, 1), an array, or a typed array. */
export type ClassNumbers =
  | ArrayLike<number>
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] };

/**
 * Counts of samples: a row for each true class, a column for each predicted one.
 *
 * On the diagonal stand those that were recognised.
 */
export class ConfusionMatrix implements Displayable {
  /** `counts[t][p]`: samples of class t that were taken for class p. */
  readonly counts: readonly (readonly number[])[];
  readonly classNames: readonly string[];

  /** Throws a RangeError unless there are as many rows and columns as names, and whole numbers from 0 in all places. */
  constructor(
    counts: readonly (readonly number[])[],
    classNames: readonly string[],
  ) {
    const classes = classNames.length;
    const lengths = counts.map((row) => row.length);
    if (
      counts.length !== classes ||
      lengths.some((length) => length !== classes)
    ) {
      throw new RangeError(
        `Expected ${classes} rows of ${classes} counts, received rows of ${lengths.join(", ") || "nothing"}`,
      );
    }
    const wrong = counts
      .flat()
      .find((count) => !Number.isInteger(count) || count < 0);
    if (wrong !== undefined) {
      throw new RangeError(
        `Expected counts to be whole numbers from 0, received ${wrong}`,
      );
    }
    this.counts = counts.map((row) => [...row]);
    this.classNames = [...classNames];
  }

  /** Number of samples. */
  get total(): number {
    return sum(this.counts.map(sum));
  }

  /** Number of samples on the diagonal. */
  get correct(): number {
    return sum(this.counts.map((row, label) => row[label]!));
  }

  /** Share of samples on the diagonal; not a number if there are no samples. */
  get accuracy(): number {
    return this.correct / this.total;
  }

  /** Number of samples of each class: the sums of the rows. */
  get samplesPerClass(): readonly number[] {
    return this.counts.map(sum);
  }

  /** Number of samples taken for each class: the sums of the columns. */
  get predictionsPerClass(): readonly number[] {
    return this.classNames.map((_, label) =>
      sum(this.counts.map((row) => row[label]!)),
    );
  }

  /** The shares of each true class: every row divided by its sum. A class without samples has a row of zeros. */
  normalised(): number[][] {
    return this.counts.map((row) => {
      const samples = sum(row);
      return row.map((count) => (samples === 0 ? 0 : count / samples));
    });
  }

  /** The mistakes made most often, the most frequent first; of equally frequent ones, in the order of the classes. */
  largestConfusions(
    limit = 5,
  ): { truth: string; prediction: string; count: number }[] {
    return this.counts
      .flatMap((row, truth) =>
        row.map((count, prediction) => ({ truth, prediction, count })),
      )
      .filter(
        ({ truth, prediction, count }) => truth !== prediction && count > 0,
      )
      .sort((one, other) => other.count - one.count)
      .slice(0, limit)
      .map(({ truth, prediction, count }) => ({
        truth: this.classNames[truth]!,
        prediction: this.classNames[prediction]!,
        count,
      }));
  }

  /** The counts as NumPy prints a matrix of whole numbers. */
  toString(): string {
    const width = Math.max(
      ...this.counts.flat().map((count) => String(count).length),
    );
    const rows = this.counts.map(
      (row) =>
        `[${row.map((count) => String(count).padStart(width)).join(" ")}]`,
    );
    return `[${rows.join("\n ")}]`;
  }

  /** The counts with the names of the classes on both sides. */
  toTable(): Table {
    return new Table(
      ["true \\ predicted", ...this.classNames],
      this.counts.map((row, label) => [this.classNames[label]!, ...row]),
    );
  }

  [jupyterDisplay](): MimeBundle {
    const html = this.toTable().toHtml();
    return { "text/plain": this.toString(), "text/html": html };
  }
}

/**
 * Counts how many samples of each class were taken for which class, as `confusion_matrix` of scikit-learn does.
 *
 * `labels` and `predictions` hold a class number for each sample, in the same order. `classes` is how many classes there
 * are, or their names. Throws a RangeError if the two are not equally long, if a sample has more than one number, or if
 * a number is not one of a class.
 */
export function confusionMatrix(
  labels: ClassNumbers,
  predictions: ClassNumbers,
  classes: number | readonly string[],
): ConfusionMatrix {
  const classNames = typeof classes === "number" ? numbered(classes) : classes;
  const truths = numbersOf(labels, "labels", classNames.length);
  const guesses = numbersOf(predictions, "predictions", classNames.length);
  if (truths.length !== guesses.length) {
    throw new RangeError(
      `Expected as many \`predictions\` as \`labels\`, ${truths.length}, received ${guesses.length}`,
    );
  }
  const counts = classNames.map(() => classNames.map(() => 0));
  for (let sample = 0; sample < truths.length; sample++) {
    counts[truths[sample]!]![guesses[sample]!]! += 1;
  }
  return new ConfusionMatrix(counts, classNames);
}

function numbered(classes: number): string[] {
  if (!Number.isInteger(classes) || classes < 1) {
    throw new RangeError(
      `Expected \`classes\` to be a whole number above 0 or a list of names, received ${classes}`,
    );
  }
  return Array.from({ length: classes }, (_, label) => String(label));
}

function numbersOf(
  numbers: ClassNumbers,
  name: string,
  classes: number,
): ArrayLike<number> {
  const data = "data" in numbers ? numbers.data : numbers;
  if ("data" in numbers && data.length !== (numbers.shape[0] ?? 0)) {
    throw new RangeError(
      `Expected \`${name}\` to have shape (n,) or (n, 1), one class number a sample, received (${numbers.shape.join(", ")})`,
    );
  }
  for (let sample = 0; sample < data.length; sample++) {
    const label = data[sample]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new RangeError(
        `Expected \`${name}\` from 0 to ${classes - 1}, received ${label} at sample ${sample}`,
      );
    }
  }
  return data;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
