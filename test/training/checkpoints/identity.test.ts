/**
 * What makes two runs the same: names of layers do not count; frozen parts and the settings of a
 * loss do.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { fit, keras, tf } from "../../../src";
import { setEngine } from "../../../src/engine";
import type { FitOptions } from "../../../src/training/fit";
import { errorWith } from "../../error-with";
import { newFolder } from "./trial";

// Checkpoints need the engine, whatever CONVNOTES_ENGINE says.
before(() => setEngine("on"));

const { layers } = tf;

/** Trains a model with a folder of checkpoints. */
async function train(
  model: tf.LayersModel,
  checkpoints: string,
  options: Partial<FitOptions> & {
    loss?: keras.losses.Loss | string;
    optimizer?: tf.Optimizer | string;
  } = {},
): Promise<void> {
  const { loss = "meanSquaredError", optimizer = "sgd", ...rest } = options;
  model.compile({ optimizer, loss });
  const [inputs] = model.inputs;
  const x = tf.ones([8, ...(inputs!.shape.slice(1) as number[])]);
  const y = tf.oneHot(tf.tensor1d([0, 1, 1, 0, 1, 0, 0, 1], "int32"), 2);
  await fit(model, x, y.toFloat(), {
    epochs: 2,
    seed: 3,
    progress: false,
    checkpoints,
    ...rest,
  });
}

const wrapped: Readonly<Record<string, () => tf.layers.Layer>> = {
  bidirectional: () =>
    layers.bidirectional({
      layer: layers.lstm({ units: 2, returnSequences: true }),
      mergeMode: "concat",
    }),
  timeDistributed: () =>
    layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
  rnn: () =>
    layers.rnn({
      cell: layers.lstmCell({ units: 2 }),
      returnSequences: true,
    }),
  "stacked cells": () =>
    layers.rnn({
      cell: [layers.gruCell({ units: 2 }), layers.gruCell({ units: 3 })],
      returnSequences: true,
    }),
};

describe("a model that is built again", () => {
  for (const [name, create] of Object.entries(wrapped)) {
    test(`with ${name} is the same`, async () => {
      const folder = newFolder();
      const build = () =>
        tf.sequential({
          layers: [
            layers.inputLayer({ inputShape: [4, 3] }),
            create(),
            layers.globalAveragePooling1d({}),
            layers.dense({ units: 2 }),
          ],
        });
      await train(build(), folder);
      await train(build(), folder);
    });
  }
});

describe("another run", () => {
  const build = (isFrozen = false) => {
    const base = tf.sequential({
      layers: [layers.dense({ units: 3, inputShape: [4] })],
    });
    base.trainable = !isFrozen;
    return tf.sequential({
      layers: [
        layers.inputLayer({ inputShape: [4] }),
        base,
        layers.dense({ units: 2, activation: "softmax" }),
      ],
    });
  };

  test("with a model within that is frozen is refused", async () => {
    const folder = newFolder();
    await train(build(), folder);
    await assert.rejects(
      train(build(true), folder),
      errorWith("ERR_INVALID_VALUE", "frozenParts"),
    );
  });

  test("with other weights that do not decay is refused", async () => {
    const folder = newFolder();
    const adamW = (...varNames: string[]) => {
      const optimizer = keras.adamW();
      optimizer.excludeFromWeightDecay({ varNames });
      return { optimizer };
    };
    await train(build(), folder, adamW("bias"));
    await train(build(), folder, adamW("bias"));
    await assert.rejects(
      train(build(), folder, adamW("kernel")),
      errorWith("ERR_INVALID_VALUE", "excludedFromWeightDecay[0] is 1", "0"),
    );
    await assert.rejects(
      train(build(), folder, adamW()),
      errorWith("ERR_INVALID_VALUE", "excludedFromWeightDecay", "missing"),
    );
  });

  test("with another activation, which is a layer's name, is refused", async () => {
    const folder = newFolder();
    const create = (activation: "relu" | "tanh") =>
      tf.sequential({
        layers: [
          layers.dense({
            name: activation,
            units: 2,
            inputShape: [4],
            activation,
          }),
        ],
      });
    await train(create("relu"), folder);
    await assert.rejects(
      train(create("tanh"), folder),
      errorWith("ERR_INVALID_VALUE", "activation", "relu", "tanh"),
    );
  });

  test("with other settings of a callback, or without it, is refused", async () => {
    const folder = newFolder();
    const plateau = (patience: number) => ({
      callbacks: [
        keras.callbacks.reduceLROnPlateau({ monitor: "loss", patience }),
      ],
    });
    const optimizer = () => keras.sgd({ learningRate: 0.01 });
    await train(build(), folder, { optimizer: optimizer(), ...plateau(2) });
    await assert.rejects(
      train(build(), folder, { optimizer: optimizer(), ...plateau(3) }),
      errorWith("ERR_INVALID_VALUE", "patience is 2", "3"),
    );
    await assert.rejects(
      train(build(), folder, { optimizer: optimizer() }),
      errorWith("ERR_INVALID_VALUE", "callbacks", "missing"),
    );
  });

  test("with other settings of its loss is refused", async () => {
    const folder = newFolder();
    const loss = (labelSmoothing: number) =>
      keras.losses.categoricalCrossentropy({ labelSmoothing });
    await train(build(), folder, { loss: loss(0.1) });
    await train(build(), folder, { loss: loss(0.1) });
    await assert.rejects(
      train(build(), folder, { loss: loss(0.2) }),
      errorWith("ERR_INVALID_VALUE", "labelSmoothing is 0.1", "0.2"),
    );
  });
});
