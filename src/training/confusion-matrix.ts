/**
 * Confusion matrices.
 */
import { warnOfFormerName } from "../notebook/former-names";
import { coded } from "../notebook/coded-error";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import { Table } from "../notebook/table";

/**
 * Class indices, one per sample: an `NdArray` of shape (n,) or (n, 1), an array, or a typed array.
 */
export type ClassNumbers =
  | ArrayLike<number>
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] };

/**
 * Counts of samples, with a row for each true class and a column for each predicted class.
 *
 * The diagonal contains the correct predictions.
 */
export class ConfusionMatrix implements Displayable {
  /** `counts[t][p]`: number of samples of class t that were predicted as class p. */
  readonly counts: readonly (readonly number[])[];
  readonly classNames: readonly string[];

  /**
   * Throws a RangeError unless the matrix is square with one row per name (`ERR_SHAPE`) and all
   * counts are non-negative integers (`ERR_INVALID_VALUE`).
   */
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
      throw coded(
        "ERR_SHAPE",
        new RangeError(
          `Expected ${classes} rows of ${classes} counts, received ${counts.length === 0 ? "no rows" : `rows of ${lengths.join(", ")}`}`,
        ),
      );
    }
    const wrong = counts
      .flat()
      .find((count) => !Number.isInteger(count) || count < 0);
    if (wrong !== undefined) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected counts to be non-negative integers, received ${wrong}`,
        ),
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

  /** Share of samples on the diagonal; NaN if there are no samples. */
  get accuracy(): number {
    return this.correct / this.total;
  }

  /** Number of samples of each class: the sums of the rows. */
  get samplesPerClass(): readonly number[] {
    return this.counts.map(sum);
  }

  /** Number of samples predicted as each class: the sums of the columns. */
  get predictionsPerClass(): readonly number[] {
    return this.classNames.map((_, label) =>
      sum(this.counts.map((row) => row[label]!)),
    );
  }

  /**
   * Returns the matrix with every row divided by its sum. The row of a class without samples is all
   * zeros.
   */
  normalized(): number[][] {
    return this.counts.map((row) => {
      const samples = sum(row);
      return row.map((count) => (samples === 0 ? 0 : count / samples));
    });
  }

  /** @deprecated Use `normalized`. */
  normalised(): number[][] {
    warnOfFormerName("ConfusionMatrix.normalised", "normalized");
    return this.normalized();
  }

  /**
   * Returns at most `limit` of the most frequent errors, 5 by default, in descending order; equally
   * frequent ones in the order of the classes.
   */
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

  /** Returns the counts as NumPy prints an integer matrix. */
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

  /** Returns the counts as a table with the class names on both sides. */
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
 * Counts how many samples of each class were predicted as which class, like scikit-learn's
 * `confusion_matrix`.
 *
 * `labels` and `predictions` hold a class index for each sample, in the same order. `classes` is
 * the number of classes, or their names. Throws a RangeError if the two differ in length or a
 * sample has more than one index (`ERR_SHAPE`), if an index is out of range, or if `classes` is
 * neither a positive integer nor a list (`ERR_INVALID_VALUE`).
 */
export function confusionMatrix(
  labels: ClassNumbers,
  predictions: ClassNumbers,
  classes: number | readonly string[],
): ConfusionMatrix {
  const classNames =
    typeof classes === "number" ? numberedNames(classes) : classes;
  const truths = classIndicesOf(labels, "labels", classNames.length);
  const guesses = classIndicesOf(predictions, "predictions", classNames.length);
  if (truths.length !== guesses.length) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`predictions\` to have the length of \`labels\`, ${truths.length}, received ${guesses.length}`,
      ),
    );
  }
  const counts = classNames.map(() => classNames.map(() => 0));
  for (let sample = 0; sample < truths.length; sample++) {
    counts[truths[sample]!]![guesses[sample]!]! += 1;
  }
  return new ConfusionMatrix(counts, classNames);
}

function numberedNames(classes: number): string[] {
  if (!Number.isInteger(classes) || classes < 1) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected \`classes\` to be a positive integer or a list of names, received ${classes}`,
      ),
    );
  }
  return Array.from({ length: classes }, (_, label) => String(label));
}

function classIndicesOf(
  values: ClassNumbers,
  name: string,
  classes: number,
): ArrayLike<number> {
  const data = "data" in values ? values.data : values;
  if ("data" in values && data.length !== (values.shape[0] ?? 0)) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`${name}\` to have shape (n,) or (n, 1), one class index per sample, received (${values.shape.join(", ")})`,
      ),
    );
  }
  for (let sample = 0; sample < data.length; sample++) {
    const label = data[sample]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError(
          `Expected \`${name}\` to be from 0 to ${classes - 1}, received ${label} at sample ${sample}`,
        ),
      );
    }
  }
  return data;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
