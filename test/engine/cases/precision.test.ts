/**
 * Tests that sums of long columns are as accurate as in plain TensorFlow.js. 10 s.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../../src/engine";
import { runOnce } from "./comparison";

/** Bound for the relative error of sums; plain TensorFlow.js is off by at most 2.3e-6 on these. */
const bound = 5e-6;

describe("tf.sum", () => {
  for (const rows of [10_000, 100_000, 500_000, 2_000_000]) {
    test(`over ${rows} rows of one column`, async () => {
      const exact = rows * Math.fround(0.1);
      for (const state of ["off", "on"] as const) {
        const { seen } = await runOnce(state, (observations) =>
          tf.tidy(() => {
            const x = tf.fill([rows, 1], 0.1);
            observations.see("sum", tf.sum(x, 0).reshape([]));
            observations.see("kept", tf.sum(x, 0, true).reshape([]));
            observations.see(
              "cube",
              tf.sum(x.reshape([rows / 10, 10, 1]), [0, 1]).reshape([]),
            );
          }),
        );
        for (const { name, value } of seen) {
          const error = Math.abs((value as number) / exact - 1);
          assert.ok(error < bound, `${state}, ${name}: off by ${error}`);
        }
      }
    });
  }

  test("over other axes, columns and types is as close to float64 as plain", async () => {
    const shapes: [number[], number[]][] = [
      [[50_000, 1], [0]],
      [[50_000, 3], [0]],
      [
        [300, 200, 2],
        [0, 1],
      ],
      [[1, 60_000], [1]],
      [[60_000], [0]],
      [[3, 20_000, 1], [1]],
      [
        [100, 20, 30, 1],
        [0, 1, 2],
      ],
    ];
    for (const [shape, axes] of shapes) {
      const errors: Record<string, number> = {};
      for (const state of ["off", "on"] as const) {
        await runOnce(state, () =>
          tf.tidy(() => {
            const x = tf.randomUniform(shape, 0, 1, "float32", 3);
            const sum = tf.sum(x, axes);
            const others = [...shape.keys()].filter(
              (axis) => !axes.includes(axis),
            );
            const numbers = tf.transpose(x, [...axes, ...others]).dataSync();
            const columns = sum.size;
            const exact = new Float64Array(columns);
            numbers.forEach((value, index) => {
              exact[index % columns]! += value;
            });
            errors[state] = Math.max(
              ...Array.from(sum.dataSync(), (value, column) =>
                Math.abs(value / exact[column]! - 1),
              ),
            );
          }),
        );
      }
      assert.ok(
        errors["on"]! <= 4 * errors["off"]! + 1e-6,
        `${shape.join("×")} over ${axes.join()}: ${JSON.stringify(errors)}`,
      );
    }
  });
});
