/**
 * Defines the error thrown when a data set cannot be loaded.
 */
import type { ErrorCode } from "../notebook/coded-error";

/** Parts of a {@link DatasetError}. */
export interface DatasetErrorDetails {
  /** What kind of rule was broken. */
  readonly code: ErrorCode;
  /** The rule, as the continuation of "Expected ...". */
  readonly expected: string;
  /** What was found instead, as the continuation of "received ...". */
  readonly received: string;
  /** Path of the file or folder at fault, if any. */
  readonly file?: string;
  /** A full sentence that tells the user how to fix the problem. */
  readonly advice?: string;
  /** The underlying system error, if any. */
  readonly cause?: unknown;
}

/**
 * Error for a data set that is missing or damaged, or for invalid options.
 *
 * The message states the rule, what was found and the file: "Expected data_batch_3.bin to be a
 * file, received a directory (images/cifar-10-batches-bin/data_batch_3.bin)". The fields
 * `expected`, `received`, `file` and `advice` contain the same parts, and `code` the kind of rule.
 */
export class DatasetError extends Error {
  override readonly name = "DatasetError";
  readonly code: ErrorCode;
  readonly file: string | undefined;
  readonly advice: string | undefined;
  readonly expected: string;
  readonly received: string;

  constructor({
    code,
    expected,
    received,
    file,
    advice,
    cause,
  }: DatasetErrorDetails) {
    const place = file === undefined ? "" : ` (${file})`;
    const help = advice === undefined ? "" : `. ${advice}`;
    super(`Expected ${expected}, received ${received}${place}${help}`, {
      cause,
    });
    this.code = code;
    this.expected = expected;
    this.received = received;
    this.file = file;
    this.advice = advice;
  }
}
