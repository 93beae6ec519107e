/**
 * Checkpoints that belong to another run, and bad input.
 */
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { setEngine } from "../../../src/engine";
import { tf } from "../../../src/engine/tensorflow";
import { checkpoints } from "../../../src/training/checkpoints/checkpoint-callback";
import type { FitOptions } from "../../../src/training/fit";
import { errorWith } from "../../error-with";
import { newFolder, train, type Trial } from "./trial";

// Checkpoints need the engine, whatever CONVNOTES_ENGINE says.
before(() => setEngine("on"));

describe("checkpoints of another run are refused", () => {
  const cases: readonly [string, Trial, readonly (string | number)[]][] = [
    [
      "model",
      { change: "units" },
      ["model", "units is 8 in the checkpoint and 9 in this run"],
    ],
    ["loss", { change: "loss" }, ["loss", "meanAbsoluteError"]],
    ["data", { change: "data" }, ["data[0].shape[0]", 70, 71]],
    ["labels", { change: "labels" }, ["data[1].digest"]],
    [
      "optimizer",
      { optimizer: () => tf.train.sgd(0.01) },
      ["optimizer.class", "Adam", "SGD"],
    ],
    [
      "learning rate",
      { optimizer: () => tf.train.adam(0.02) },
      ["optimizer.learningRate is 0.01 in the checkpoint and 0.02 in this run"],
    ],
    [
      "seed",
      { options: { seed: 6 } },
      ["seed is 5 in the checkpoint and 6 in this run"],
    ],
    ["batch size", { options: { batchSize: 8 } }, ["batchSize", 16, 8]],
  ];
  const folder = newFolder();
  for (const [name, trial, values] of cases) {
    test(`another ${name}`, async () => {
      await train({ options: { checkpoints: folder } });
      const before = readdirSync(folder);
      const options = { ...trial.options, checkpoints: folder };
      await assert.rejects(
        train({ ...trial, options }),
        errorWith("ERR_INVALID_VALUE", folder, ...values),
      );
      // Nothing is lost, and the lock is released.
      assert.deepEqual(readdirSync(folder), before);
    });
  }
});

describe("bad input", () => {
  test("options that break a rule", async () => {
    const folder = newFolder();
    const wrong: [FitOptions["checkpoints"], string][] = [
      ["", "checkpoints"],
      [{ folder, keep: 0 }, "keep"],
      [{ folder, everyEpochs: 1.5 }, "everyEpochs"],
      [{ folder, everyMinutes: 0 }, "everyMinutes"],
      [{ folder, everySteps: -1 }, "everySteps"],
    ];
    for (const [given, name] of wrong) {
      await assert.rejects(
        train({ options: { checkpoints: given! } }),
        errorWith("ERR_INVALID_VALUE", name),
      );
    }
  });

  test("a folder's name that is a file", async () => {
    const path = newFolder();
    writeFileSync(path, "text");
    await assert.rejects(
      train({ options: { checkpoints: path } }),
      errorWith("ERR_DISK", path),
    );
  });

  test("the engine is off, or the loop is tfjs's", async () => {
    setEngine("off");
    try {
      await assert.rejects(
        train({ options: { checkpoints: newFolder() } }),
        errorWith("ERR_UNSUPPORTED"),
      );
    } finally {
      setEngine("on");
    }
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 1, inputShape: [2] }));
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const data = tf.data.array([{ xs: tf.ones([4, 2]), ys: tf.ones([4, 1]) }]);
    await assert.rejects(
      model.fitDataset(data, {
        epochs: 1,
        verbose: 0,
        callbacks: checkpoints(newFolder()),
      }),
      errorWith("ERR_UNSUPPORTED", "fitDataset"),
    );
  });

  test("two runs of this process in one folder", async () => {
    const options = { checkpoints: newFolder() };
    const inner = { result: undefined as unknown };
    await train({
      options: {
        ...options,
        onEpochEnd: async (epoch) => {
          if (epoch > 1) return;
          inner.result = await train({ options }).catch((error) => error);
        },
      },
    });
    errorWith("ERR_LOCKED", options.checkpoints)(inner.result);
  });
});
