/**
 * Results of lessons, stored in executed notebooks.
 */
import type { Provenance } from "../data/provenance";
import { coded } from "../notebook/coded-error";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import type { LessonMode } from "./mode";
import { count } from "../notebook/quantity";
import { Table } from "../notebook/table";

/** MIME type of a {@link ResultRow} in an executed notebook. */
export const resultMimeType = "application/vnd.convnotes.result+json";

/** One training run: model, data, final scores, and the scores that the lesson's source reports. */
export interface ResultRow {
  /** Number of the lesson, from 0. */
  readonly lesson: number;
  /** Short name of the model within the lesson. */
  readonly model: string;
  readonly mode: LessonMode;
  readonly provenance: Provenance;
  /** Seed of shuffling, initial weights and dropout. */
  readonly seed: number;
  readonly trainSamples: number;
  readonly testSamples: number;
  /** Number of parameters of the model, trainable or not. */
  readonly parameters: number;
  /** Number of epochs trained. */
  readonly epochs: number;
  readonly batchSize: number;
  /** Loss on the test set after the last epoch, in nats. */
  readonly testLoss: number;
  /** Accuracy on the test set after the last epoch, 0 to 1. */
  readonly testAccuracy: number;
  /** The source's test loss, or null if it reports none. */
  readonly sourceLoss: number | null;
  /** The source's test accuracy, or null if it reports none. */
  readonly sourceAccuracy: number | null;
  /** Mean wall-clock time of an epoch, validation included, in seconds. */
  readonly secondsPerEpoch: number;
}

const isCount = (value: unknown) =>
  Number.isInteger(value) && Number(value) > 0;
const isIndex = (value: unknown) =>
  Number.isInteger(value) && Number(value) >= 0;
const isMeasure = (value: unknown) =>
  Number.isFinite(value) && Number(value) >= 0;
const isShare = (value: unknown) => isMeasure(value) && Number(value) <= 1;

/** Description and check of each field, in the order of the table. */
const fields: {
  readonly [Field in keyof ResultRow]-?: readonly [
    rule: string,
    holds: (value: unknown) => boolean,
  ];
} = {
  lesson: ["a non-negative integer", isIndex],
  model: [
    "a non-empty string",
    (value) => typeof value === "string" && value !== "",
  ],
  mode: ['"quick" or "full"', (value) => value === "quick" || value === "full"],
  provenance: [
    '"original", "unverified" or "synthetic"',
    (value) =>
      value === "original" || value === "unverified" || value === "synthetic",
  ],
  seed: ["an integer", (value) => Number.isSafeInteger(value)],
  trainSamples: ["a positive integer", isCount],
  testSamples: ["a positive integer", isCount],
  parameters: ["a positive integer", isCount],
  epochs: ["a positive integer", isCount],
  batchSize: ["a positive integer", isCount],
  // A diverged run has to be reportable too, but JSON has no NaN. It raises an error instead.
  testLoss: ["a non-negative finite number", isMeasure],
  testAccuracy: ["a number from 0 to 1", isShare],
  sourceLoss: [
    "a non-negative finite number, or null",
    (value) => value === null || isMeasure(value),
  ],
  sourceAccuracy: [
    "a number from 0 to 1, or null",
    (value) => value === null || isShare(value),
  ],
  secondsPerEpoch: ["a non-negative finite number", isMeasure],
};

/**
 * Validates a result row: all fields are present and within their bounds, and there are no others.
 *
 * Throws a TypeError that contains the field, the rule and the value received.
 */
export function checkResultRow(row: unknown): ResultRow {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw coded(
      "ERR_INVALID_TYPE",
      new TypeError(
        `Expected a result row to be an object, received ${JSON.stringify(row)}`,
      ),
    );
  }
  const values = row as Record<string, unknown>;
  for (const [field, [rule, holds]] of Object.entries(fields)) {
    const value = values[field];
    if (!Object.hasOwn(values, field) || !holds(value)) {
      throw coded(
        "ERR_INVALID_VALUE",
        new TypeError(
          `Expected the result row's "${field}" to be ${rule}, received ${formatted(value)}`,
        ),
      );
    }
  }
  for (const field of Object.keys(values)) {
    if (!Object.hasOwn(fields, field)) {
      throw coded(
        "ERR_UNKNOWN_NAME",
        new TypeError(
          `Expected a result row to have the fields ${Object.keys(fields).join(", ")}, received "${field}" as well`,
        ),
      );
    }
  }
  return row as ResultRow;
}

/**
 * Reports a lesson's result, as the last value of a cell.
 *
 * The notebook shows it as a table; programs that execute the notebook read the row from
 * `application/vnd.convnotes.result+json`. Throws a TypeError (ERR_INVALID_TYPE, ERR_INVALID_VALUE
 * or ERR_UNKNOWN_NAME) if a field is missing, unknown or out of bounds.
 */
export function reportResult(row: ResultRow): Displayable {
  const checked = { ...checkResultRow(row) };
  return {
    [jupyterDisplay](): MimeBundle {
      const comparison = new Table(
        ["", "here", "source"],
        [
          ["test loss", checked.testLoss, checked.sourceLoss],
          ["test accuracy", checked.testAccuracy, checked.sourceAccuracy],
        ],
        {
          title: `Lesson ${checked.lesson}, ${checked.model}`,
          notes: [
            `${checked.mode} mode, data ${checked.provenance}, seed ${checked.seed}: ` +
              `${count(checked.trainSamples)} training and ${count(checked.testSamples)} test images, ` +
              `${count(checked.parameters)} parameters, ${checked.epochs} epochs of ` +
              `${checked.secondsPerEpoch.toFixed(1)} s, batch size ${checked.batchSize}`,
          ],
        },
      );
      return { [resultMimeType]: checked, ...comparison[jupyterDisplay]() };
    },
  };
}

function formatted(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}
