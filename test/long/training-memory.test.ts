/**
 * Tests memory over long runs of compiled training: ten thousand steps, and more data than fits in
 * memory at once.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { tf } from "../../src/engine";
import { compiledSteps } from "../engine/models";

const megabyte = 2 ** 20;

/** Returns the resident memory of this process, in bytes. */
function residentMemory(): number {
  const status = readFileSync("/proc/self/status", "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1024;
}

function convolutional(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        activation: "relu",
        inputShape: [16, 16, 3],
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
  model.compile({
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

describe(
  "memory of compiled training",
  {
    skip:
      process.platform === "linux"
        ? false
        : "reads resident memory from /proc, which only Linux has",
  },
  () => {
    test("10,000 steps: no additional tensors, constant resident memory", async () => {
      const model = convolutional();
      const x = tf.randomUniform([1000, 16, 16, 3]);
      const y = tf.floor(tf.randomUniform([1000, 1], 0, 9.999));
      const run = (epochs: number) =>
        model.fit(x, y, {
          epochs,
          batchSize: 8,
          verbose: 0,
          validationData: [x.slice(0, 100), y.slice(0, 100)],
        });
      await run(8);
      const tensors = tf.memory().numTensors;
      const memory = residentMemory();
      await run(80);
      assert.ok(compiledSteps(model) > 10_000);
      assert.ok(Math.abs(tf.memory().numTensors - tensors) <= 4);
      const growth = (residentMemory() - memory) / megabyte;
      assert.ok(growth < 40, `grew by ${growth.toFixed(0)} MB`);
    });

    test("fitDataset: 3 GB in batches, few of them in memory at a time", async () => {
      const model = convolutional();
      const batches = 1000;
      const samples = 1000;
      let made = 0;
      const dataset = tf.data.generator(function* () {
        for (let batch = 0; batch < batches; batch += 1) {
          made += 1;
          yield {
            xs: tf.fill([samples, 16, 16, 3], (batch % 10) / 10),
            ys: tf.fill([samples, 1], batch % 10),
          };
        }
      }) as tf.data.Dataset<tf.TensorContainer>;
      let highest = 0;
      let first = 0;
      await model.fitDataset(dataset, {
        epochs: 1,
        verbose: 0,
        callbacks: {
          onBatchEnd: async (batch) => {
            if (batch === 50) first = residentMemory();
            if (batch > 50) highest = Math.max(highest, residentMemory());
          },
        },
      });
      assert.equal(made, batches);
      const growth = (highest - first) / megabyte;
      assert.ok(growth < 100, `grew by ${growth.toFixed(0)} MB`);
    });
  },
);
