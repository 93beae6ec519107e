/**
 * Checks an error by its code and the values that its message names.
 */
import assert from "node:assert/strict";
import type { ErrorCode } from "../src/notebook/coded-error";

/** A validator: throws unless the error is the expected one. */
export type ErrorCheck = (error: unknown) => true;

/**
 * Returns a validator for `assert.throws` and `assert.rejects`.
 *
 *     assert.throws(() => tf.zeros([2, -1]), errorWith("ERR_SHAPE", -1));
 *
 * @param code The expected code.
 * @param values What the message must contain: the rule's bounds, the received value. A number must
 *   stand alone: 1 is not contained in "beta1", "-1", "10" or "1.5".
 */
export function errorWith(
  code: ErrorCode,
  ...values: readonly (string | number)[]
): ErrorCheck {
  return (error) => {
    assert.ok(error instanceof Error, `Expected an error, received ${error}.`);
    assert.equal((error as { code?: unknown }).code, code, error.message);
    for (const value of values) {
      assert.ok(
        contains(error.message, value),
        `Expected the message to contain "${value}": ${error.message}`,
      );
    }
    return true;
  };
}

function contains(message: string, value: string | number): boolean {
  if (typeof value === "string") return message.includes(value);
  const digits = String(value).replace(/[.+]/g, "\\$&");
  return new RegExp(`(?<![\\w.-])${digits}(?!\\w|\\.\\d)`).test(message);
}
