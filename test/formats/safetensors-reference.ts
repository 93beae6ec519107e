/**
 * Runs the reference implementation of safetensors in Python.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { runNumpy } from "../oracles/python";

/** A tensor with its bytes as hexadecimal digits. */
export interface RawTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly bytes: string;
}

/** What to read, to write and to judge in a folder. */
export interface Request {
  readonly folder: string;
  readonly read?: readonly string[];
  readonly write?: Readonly<Record<string, Record<string, RawTensor>>>;
  readonly judge?: readonly string[];
}

/** What was read, the values that were written, and which files the reference reads. */
export interface Answer {
  readonly read: Readonly<
    Record<
      string,
      {
        readonly metadata: Readonly<Record<string, string>>;
        readonly tensors: Readonly<Record<string, RawTensor>>;
      }
    >
  >;
  readonly written: Readonly<Record<string, Record<string, string[]>>>;
  readonly verdicts: Readonly<Record<string, string>>;
}

/** Returns undefined, and skips the test, if there is no Python environment. */
export function askReference(
  context: TestContext,
  request: Request,
): Promise<Answer | undefined> {
  const file = path.join(__dirname, "safetensors_oracle.py");
  return runNumpy<Answer>(context, readFileSync(file, "utf8"), request);
}
