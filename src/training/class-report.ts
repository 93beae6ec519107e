/**
 * Precision, recall and F1 score of each class.
 */
import { coded } from "../notebook/coded-error";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import { Table } from "../notebook/table";
import type { ConfusionMatrix } from "./confusion-matrix";

/** Three scores, each from 0 to 1. */
export interface ClassScores {
  /** The share of samples predicted as the class that belong to it. */
  readonly precision: number;
  /** The share of the class's samples that were predicted as the class. */
  readonly recall: number;
  /** Harmonic mean of the two, 2 · precision · recall / (precision + recall). */
  readonly f1: number;
}

/** The scores of one class. */
export interface ClassRow extends ClassScores {
  readonly name: string;
  /** Number of samples of the class. */
  readonly support: number;
}

/** The result of {@link classReport}: the scores as data, displayed as a table. */
export class ClassReport implements Displayable {
  /** One row per class, in the order of the class indices. */
  readonly rows: readonly ClassRow[];
  /** The share of all samples that were predicted correctly. */
  readonly accuracy: number;
  /** Unweighted means over the classes. */
  readonly macroAverage: ClassScores;
  /** Means over the classes, weighted by their number of samples. */
  readonly weightedAverage: ClassScores;
  /** Number of samples. */
  readonly support: number;
  /**
   * Names of the classes that were never predicted. Their precision is undefined and counted as 0.
   */
  readonly neverPredicted: readonly string[];
  /** Names of the classes without samples. Their recall is undefined and counted as 0. */
  readonly withoutSamples: readonly string[];

  constructor(matrix: ConfusionMatrix) {
    const { classNames, counts, samplesPerClass, predictionsPerClass } = matrix;
    this.rows = classNames.map((name, label) => {
      const correct = counts[label]![label]!;
      const precision = share(correct, predictionsPerClass[label]!);
      const recall = share(correct, samplesPerClass[label]!);
      const f1 = share(2 * precision * recall, precision + recall);
      return { name, precision, recall, f1, support: samplesPerClass[label]! };
    });
    this.support = matrix.total;
    this.accuracy = matrix.accuracy;
    this.macroAverage = average(
      this.rows,
      this.rows.map(() => 1),
    );
    this.weightedAverage = average(this.rows, samplesPerClass);
    const namesWithZero = (counts: readonly number[]) =>
      classNames.filter((_, label) => counts[label] === 0);
    this.neverPredicted = namesWithZero(predictionsPerClass);
    this.withoutSamples = namesWithZero(samplesPerClass);
  }

  /** Returns the scores as a table: the classes, then accuracy and the two means. */
  toTable(): Table {
    const cells = (
      name: string,
      { precision, recall, f1 }: ClassScores,
      support: number,
    ) => [name, precision, recall, f1, support];
    return new Table(
      ["class", "precision", "recall", "f1-score", "support"],
      [
        ...this.rows.map((row) => cells(row.name, row, row.support)),
        ["accuracy", null, null, this.accuracy, this.support],
        cells("macro average", this.macroAverage, this.support),
        cells("weighted average", this.weightedAverage, this.support),
      ],
      { notes: this.#notes() },
    );
  }

  /** Returns the table as text. */
  toString(): string {
    return this.toTable().toString();
  }

  [jupyterDisplay](): MimeBundle {
    return this.toTable()[jupyterDisplay]();
  }

  #notes(): string[] {
    const note = (names: readonly string[], label: string) =>
      names.length === 0 ? [] : [`${label}: ${names.join(", ")}`];
    return [
      ...note(this.neverPredicted, "Never predicted, precision counted as 0"),
      ...note(this.withoutSamples, "Without samples, recall counted as 0"),
    ];
  }
}

/**
 * Computes precision, recall and F1 score of each class, accuracy, and the means over the classes,
 * like scikit-learn's `classification_report`.
 *
 * Throws a RangeError (`ERR_INVALID_VALUE`) if the matrix contains no samples.
 */
export function classReport(matrix: ConfusionMatrix): ClassReport {
  if (matrix.total === 0) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        "Expected a confusion matrix with at least one sample, received one without",
      ),
    );
  }
  return new ClassReport(matrix);
}

function average(
  rows: readonly ClassRow[],
  weights: readonly number[],
): ClassScores {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (score: keyof ClassScores) =>
    rows.reduce((sum, row, index) => sum + row[score] * weights[index]!, 0) /
    whole;
  return {
    precision: mean("precision"),
    recall: mean("recall"),
    f1: mean("f1"),
  };
}

/** Returns `part` / `whole`, or 0 if `whole` is 0. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
