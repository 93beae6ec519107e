/**
 * The result of a lesson, in a form that is read off the executed notebook.
 */
import type { Provenance } from "../data/provenance";
import { jupyterDisplay, type Displayable, type MimeBundle } from "./mime";
import type { LessonMode } from "./mode";
import { Table } from "./table";

/** MIME type under which an executed notebook carries a {@link ResultRow}. */
export const resultMimeType = "application/vnd.convnotes.result+json";

/** One training run: what was trained on what, how it ended, and what the lesson's source reports. */
export interface ResultRow {
  /** Number of the lesson, from 0. */
  readonly lesson: number;
  /** Which of the lesson's models, in a few words. */
  readonly model: string;
  readonly mode: LessonMode;
  readonly provenance: Provenance;
  /** The seed of shuffle, initial weights and dropout. */
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
  /** The source's test loss, or null where it gives none. */
  readonly sourceLoss: number | null;
  /** The source's test accuracy, or null where it gives none. */
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

/** For each field: the rule in words, and the rule. The order is the order of the table. */
const fields: {
  readonly [Field in keyof ResultRow]-?: readonly [
    rule: string,
    holds: (value: unknown) => boolean,
  ];
} = {
  lesson: ["a whole number, 0 or more", isIndex],
  model: ["a name", (value) => typeof value === "string" && value !== ""],
  mode: ['"quick" or "full"', (value) => value === "quick" || value === "full"],
  provenance: [
    '"original", "unverified" or "synthetic"',
    (value) =>
      value === "original" || value === "unverified" || value === "synthetic",
  ],
  seed: ["a whole number", (value) => Number.isSafeInteger(value)],
  trainSamples: ["a whole number above 0", isCount],
  testSamples: ["a whole number above 0", isCount],
  parameters: ["a whole number above 0", isCount],
  epochs: ["a whole number above 0", isCount],
  batchSize: ["a whole number above 0", isCount],
  // A run that diverged has to be reportable too, but JSON has no NaN: it is then an error that says so.
  testLoss: ["a finite number, 0 or more", isMeasure],
  testAccuracy: ["a number from 0 to 1", isShare],
  sourceLoss: [
    "a finite number, 0 or more, or null",
    (value) => value === null || isMeasure(value),
  ],
  sourceAccuracy: [
    "a number from 0 to 1, or null",
    (value) => value === null || isShare(value),
  ],
  secondsPerEpoch: ["a finite number, 0 or more", isMeasure],
};

/**
 * Checks a result row: every field there, no other, each within its bounds.
 *
 * Throws a TypeError that names the field, the rule and what was received.
 */
export function checkResultRow(row: unknown): ResultRow {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw new TypeError(
      `Expected a result row to be an object, received ${JSON.stringify(row)}`,
    );
  }
  const values = row as Record<string, unknown>;
  for (const [field, [rule, holds]] of Object.entries(fields)) {
    const value = values[field];
    if (!Object.hasOwn(values, field) || !holds(value)) {
      throw new TypeError(
        `Expected the result row's "${field}" to be ${rule}, received ${written(value)}`,
      );
    }
  }
  for (const field of Object.keys(values)) {
    if (!Object.hasOwn(fields, field)) {
      throw new TypeError(
        `Expected a result row to have the fields ${Object.keys(fields).join(", ")}, received "${field}" as well`,
      );
    }
  }
  return row as ResultRow;
}

/**
 * Reports a lesson's result, as the last value of a cell.
 *
 * The notebook shows it as a table; whoever executed the notebook finds the row under {@link resultMimeType}.
 * Throws a TypeError if a field is missing, unknown or out of bounds.
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
              `${count(checked.trainSamples)} training and ${count(checked.testSamples)} test pictures, ` +
              `${count(checked.parameters)} parameters, ${checked.epochs} epochs of ` +
              `${checked.secondsPerEpoch.toFixed(1)} s, batch size ${checked.batchSize}`,
          ],
        },
      );
      return { [resultMimeType]: checked, ...comparison[jupyterDisplay]() };
    },
  };
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function written(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}
