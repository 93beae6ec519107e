/**
 * Checks of options: what each accepts, and what its error says.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  checkCount,
  checkOneOf,
  checkPositive,
  checkRange,
  checkShare,
} from "../src/check";

interface Case<Value> {
  readonly check: (value: Value) => void;
  readonly rule: string;
  readonly valid: readonly Value[];
  readonly invalid: readonly Value[];
}

const numbers: Record<string, Case<number>> = {
  "checkRange with a minimum": {
    check: (value) => checkRange("x", value, 2),
    rule: "a number of at least 2",
    valid: [2, 2.5, 1e300],
    invalid: [1.9, -3, NaN, Infinity],
  },
  "checkRange with both bounds": {
    check: (value) => checkRange("x", value, -1, 2),
    rule: "a number from -1 to 2",
    valid: [-1, 0, 2],
    invalid: [-1.1, 2.1, NaN, -Infinity],
  },
  checkShare: {
    check: (value) => checkShare("x", value),
    rule: "a number from 0 to below 1",
    valid: [0, 0.999],
    invalid: [-0.1, 1, NaN],
  },
  checkPositive: {
    check: (value) => checkPositive("x", value),
    rule: "a positive number",
    valid: [1e-9, 3],
    invalid: [0, -1, NaN, Infinity],
  },
  checkCount: {
    check: (value) => checkCount("x", value),
    rule: "a positive integer",
    valid: [1, 1000],
    invalid: [0, -1, 1.5, NaN, Infinity],
  },
  "checkCount with a minimum": {
    check: (value) => checkCount("x", value, 2),
    rule: "an integer of at least 2",
    valid: [2, 3],
    invalid: [1, 2.5],
  },
};

const texts: Record<string, Case<string>> = {
  checkOneOf: {
    check: (value) => checkOneOf("x", value, ["same", "valid"]),
    rule: "one of same, valid",
    valid: ["same", "valid"],
    invalid: ["SAME", ""],
  },
};

function testAll<Value>(cases: Record<string, Case<Value>>): void {
  for (const [name, { check, rule, valid, invalid }] of Object.entries(cases)) {
    test(name, () => {
      for (const value of valid) check(value);
      for (const value of invalid) {
        assert.throws(() => check(value), {
          name: "RangeError",
          code: "ERR_INVALID_VALUE",
          message: `Expected \`x\` to be ${rule}, received ${String(value)}`,
        });
      }
    });
  }
}

describe("checks of options", () => {
  testAll(numbers);
  testAll(texts);
});
