/**
 * How well each class is recognised.
 */
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import { Table } from "../notebook/table";
import type { ConfusionMatrix } from "./confusion-matrix";

/** Three measures of recognition, each from 0 to 1. */
export interface ClassScores {
  /** Of the samples taken for the class, the share that belongs to it. */
  readonly precision: number;
  /** Of the samples of the class, the share that was recognised. */
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

/** What {@link classReport} gives: the scores as data, and a table to look at. */
export class ClassReport implements Displayable {
  /** One row a class, in the order of the class numbers. */
  readonly rows: readonly ClassRow[];
  /** Share of all samples that were recognised. */
  readonly accuracy: number;
  /** Means in which each class counts the same. */
  readonly macroAverage: ClassScores;
  /** Means in which each class counts by its samples. */
  readonly weightedAverage: ClassScores;
  /** Number of samples. */
  readonly support: number;
  /** Names of the classes for which nothing was taken: they have no precision, and 0 stands in its place. */
  readonly neverPredicted: readonly string[];
  /** Names of the classes of which there is no sample: they have no recall, and 0 stands in its place. */
  readonly withoutSamples: readonly string[];

  constructor(matrix: ConfusionMatrix) {
    const { classNames, counts, samplesPerClass, predictionsPerClass } = matrix;
    this.rows = classNames.map((name, label) => {
      const recognised = counts[label]![label]!;
      const precision = share(recognised, predictionsPerClass[label]!);
      const recall = share(recognised, samplesPerClass[label]!);
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
    const namesWhere = (numbers: readonly number[]) =>
      classNames.filter((_, label) => numbers[label] === 0);
    this.neverPredicted = namesWhere(predictionsPerClass);
    this.withoutSamples = namesWhere(samplesPerClass);
  }

  /** The scores as a table: the classes, then accuracy and the two means. */
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

  /** The table in characters. */
  toString(): string {
    return this.toTable().toString();
  }

  [jupyterDisplay](): MimeBundle {
    return this.toTable()[jupyterDisplay]();
  }

  #notes(): string[] {
    const note = (names: readonly string[], words: string) =>
      names.length === 0 ? [] : [`${words}: ${names.join(", ")}`];
    return [
      ...note(this.neverPredicted, "Never predicted, precision counted as 0"),
      ...note(this.withoutSamples, "Without samples, recall counted as 0"),
    ];
  }
}

/**
 * Precision, recall and f1-score of each class, accuracy, and the means over the classes, as `classification_report` of
 * scikit-learn gives them.
 *
 * Throws a RangeError if the matrix holds no samples.
 */
export function classReport(matrix: ConfusionMatrix): ClassReport {
  if (matrix.total === 0) {
    throw new RangeError(
      "Expected a confusion matrix with at least one sample, received one without",
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

/** A part of a whole, or 0 where there is no whole. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
