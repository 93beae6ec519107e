/**
 * The one error that everything which reads a data set throws.
 */

/** What a {@link DatasetError} is made of. */
export interface DatasetErrorDetails {
  /** The rule, as the rest of a sentence that begins with "Expected". */
  readonly expected: string;
  /** What was found instead, as the rest of a sentence that goes on with "received". */
  readonly received: string;
  /** Path of the file or folder at fault, if it is one. */
  readonly file?: string;
  /** A full sentence that tells the user what to do about it. */
  readonly advice?: string;
  /** The error of the system underneath, if there was one. */
  readonly cause?: unknown;
}

/**
 * A data set that is missing, damaged or asked for in a way it cannot be given.
 *
 * The message names the rule, what was found and the file: "Expected data_batch_3.bin to be a file, received a
 * directory (pictures/cifar-10-batches-bin/data_batch_3.bin)". The same three stand in fields of their own.
 */
export class DatasetError extends Error {
  override readonly name = "DatasetError";
  readonly file: string | undefined;
  readonly expected: string;
  readonly received: string;

  constructor({
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
    this.expected = expected;
    this.received = received;
    this.file = file;
  }
}
