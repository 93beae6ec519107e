/**
 * Checks an error by its code and the values that its message names.
 */
import assert from "node:assert/strict";
import type { ErrorCode } from "../src/notebook/coded-error";

/**
 * Returns a validator for `assert.throws` and `assert.rejects`.
 *
 *     assert.throws(() => tf.zeros([2, -1]), errorWith("ERR_SHAPE", "-1"));
 *
 * @param code The expected code.
 * @param values Texts that the message must contain: the rule's bounds, the received value.
 */
export function errorWith(
  code: ErrorCode,
  ...values: readonly string[]
): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Error, `Expected an error, received ${error}.`);
    assert.equal((error as { code?: unknown }).code, code, error.message);
    for (const value of values) {
      assert.ok(
        error.message.includes(value),
        `Expected the message to contain "${value}": ${error.message}`,
      );
    }
    return true;
  };
}
