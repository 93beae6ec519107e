/**
 * Tests tfjs's documented behavior of training, evaluation and prediction, with the engine on and
 * off.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine";
import { stepsOf } from "../../src/engine/models/install";
import { setSeed } from "../../src/training/seed";
import {
  assertClose,
  classifier,
  compile,
  compiledSteps,
  recordedSteps,
  copyWeights,
  points,
  states,
  warningsOf,
  weightsOf,
  withEngine,
} from "./models";

const quiet = { verbose: 0 } as const;

/** Trains a model with the engine on and a copy with it off; returns both histories and weights. */
async function trainTwins(
  make: () => tf.LayersModel,
  train: (model: tf.LayersModel) => Promise<unknown>,
): Promise<{ on: tf.LayersModel; off: tf.LayersModel; results: unknown[] }> {
  // A value may happen to be so close to the kink of relu that a rounding error decides.
  setSeed(1);
  const on = make();
  const off = make();
  copyWeights(on, off);
  // Setting weights applies constraints, which creating them does not.
  copyWeights(off, on);
  const results = [
    await withEngine("on", () => train(on)),
    await withEngine("off", () => train(off)),
  ];
  return { on, off, results };
}

function assertTwins(
  { on, off }: { on: tf.LayersModel; off: tf.LayersModel },
  tolerance = 2e-5,
): void {
  const expected = weightsOf(off);
  for (const [index, weights] of weightsOf(on).entries()) {
    assertClose(weights, expected[index]!, tolerance, `weight ${index}`);
  }
}

describe("fit", () => {
  test("returns the same history and weights as plain tfjs", async () => {
    const [x, y] = points(100);
    const twins = await trainTwins(
      () => {
        const model = classifier();
        compile(model);
        return model;
      },
      async (model) => {
        const { history } = await model.fit(x, y, {
          ...quiet,
          epochs: 5,
          batchSize: 16,
          shuffle: false,
          validationSplit: 0.2,
        });
        return history;
      },
    );
    assertTwins(twins);
    const [on, off] = twins.results as Record<string, number[]>[];
    assert.deepEqual(Object.keys(on!), Object.keys(off!));
    for (const [name, values] of Object.entries(on!)) {
      assertClose(values, off![name]!, 1e-5, name);
    }
    assert.ok(compiledSteps(twins.on) > 15);
    assert.equal(compiledSteps(twins.off), 0);
  });

  for (const [name, make] of Object.entries<() => tf.Optimizer>({
    sgd: () => tf.train.sgd(0.1),
    momentum: () => tf.train.momentum(0.05, 0.9),
    nesterov: () => tf.train.momentum(0.05, 0.9, true),
    rmsprop: () => tf.train.rmsprop(0.01),
    "rmsprop, centered": () => tf.train.rmsprop(0.01, 0.9, 0, 1e-13, true),
    adam: () => tf.train.adam(0.01),
    adamax: () => tf.train.adamax(0.01),
    "adamax with decay": () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7, 0.1),
    adagrad: () => tf.train.adagrad(0.1),
    adadelta: () => tf.train.adadelta(1),
  })) {
    test(`optimizer ${name}: same weights and iteration count as plain tfjs`, async () => {
      const [x, y] = points(64);
      const twins = await trainTwins(
        () => {
          const model = classifier();
          compile(model, make());
          return model;
        },
        (model) =>
          model.fit(x, y, {
            ...quiet,
            epochs: 4,
            batchSize: 16,
            shuffle: false,
          }),
      );
      assertTwins(twins, 5e-5);
      assert.ok(compiledSteps(twins.on) > 10);
      assert.equal(twins.on.optimizer.iterations, 16);
      assert.equal(twins.off.optimizer.iterations, 16);
    });
  }

  for (const state of states) {
    describe(`with the engine ${state}`, () => {
      test("calls callbacks in tfjs's order, with numbers under the metrics' names", async () => {
        await withEngine(state, async () => {
          const [x, y] = points(40);
          const model = classifier();
          compile(model);
          const events: string[] = [];
          const { epoch, history, params } = await model.fit(x, y, {
            ...quiet,
            epochs: 2,
            batchSize: 16,
            validationData: [x, y],
            callbacks: {
              onTrainBegin: async () => void events.push("train begins"),
              onTrainEnd: async () => void events.push("train ends"),
              onEpochBegin: async (number) =>
                void events.push(`epoch ${number} begins`),
              onEpochEnd: async (number, logs) => {
                events.push(
                  `epoch ${number} ends: ${Object.keys(logs!).join(" ")}`,
                );
                for (const value of Object.values(logs!)) {
                  assert.equal(typeof value, "number");
                }
              },
              onBatchBegin: async (number) =>
                void events.push(`batch ${number} begins`),
              onBatchEnd: async (number, logs) => {
                const { batch, size, ...values } = logs!;
                assert.equal(batch, number);
                events.push(
                  `batch ${number} of ${size} ends: ${Object.keys(values).join(" ")}`,
                );
                for (const value of Object.values(values)) {
                  assert.equal(typeof value, "number");
                }
              },
            },
          });
          const ofEpoch = (number: number) => [
            `epoch ${number} begins`,
            "batch 0 begins",
            "batch 0 of 16 ends: loss acc",
            "batch 1 begins",
            "batch 1 of 16 ends: loss acc",
            "batch 2 begins",
            "batch 2 of 8 ends: loss acc",
            `epoch ${number} ends: val_loss val_acc loss acc`,
          ];
          assert.deepEqual(events, [
            "train begins",
            ...ofEpoch(0),
            ...ofEpoch(1),
            "train ends",
          ]);
          assert.deepEqual(epoch, [0, 1]);
          assert.deepEqual(Object.keys(history), [
            "val_loss",
            "val_acc",
            "loss",
            "acc",
          ]);
          const { metrics, ...others } = params as unknown as {
            metrics: string[];
          };
          assert.deepEqual(metrics, ["loss", "acc", "val_loss", "val_acc"]);
          assert.deepEqual(JSON.parse(JSON.stringify(others)), {
            epochs: 2,
            initialEpoch: 0,
            samples: 40,
            steps: null,
            batchSize: 16,
            verbose: 0,
            doValidation: true,
          });
        });
      });

      test("stops after the batch in which stopTraining is set", async () => {
        await withEngine(state, async () => {
          const [x, y] = points(64);
          const model = classifier();
          compile(model);
          let batches = 0;
          const { epoch } = await model.fit(x, y, {
            ...quiet,
            epochs: 9,
            batchSize: 16,
            callbacks: {
              onBatchEnd: async () => {
                batches += 1;
                if (batches === 6) model.stopTraining = true;
              },
            },
          });
          assert.equal(batches, 6);
          assert.deepEqual(epoch, [0, 1]);
        });
      });

      test("early stopping, a custom callback class, initialEpoch, yields", async () => {
        await withEngine(state, async () => {
          const [x, y] = points(48);
          const model = classifier();
          compile(model, tf.train.sgd(1e-9));
          const seen: number[] = [];
          class Watcher extends tf.Callback {
            override async onEpochEnd(epoch: number): Promise<void> {
              seen.push(epoch);
            }
          }
          const { epoch } = await model.fit(x, y, {
            ...quiet,
            initialEpoch: 3,
            epochs: 30,
            batchSize: 16,
            callbacks: [
              new Watcher(),
              tf.callbacks.earlyStopping({
                monitor: "loss",
                minDelta: 0.1,
                patience: 2,
              }),
            ],
          });
          assert.deepEqual(epoch, [3, 4, 5]);
          assert.deepEqual(seen, [3, 4, 5]);
          let yields = 0;
          await model.fit(x, y, {
            ...quiet,
            epochs: 2,
            batchSize: 16,
            yieldEvery: "batch",
            callbacks: { onEpochEnd: async () => void (yields += 1) },
          });
          assert.equal(yields, 2);
        });
      });

      test("prints its progress bar by default", async () => {
        await withEngine(state, async () => {
          const [x, y] = points(48);
          const model = classifier();
          compile(model);
          const { history } = await model.fit(x, y, {
            epochs: 3,
            batchSize: 16,
          });
          assert.equal(history["loss"]!.length, 3);
          assert.ok(history["loss"]!.every((loss) => Number.isFinite(loss)));
        });
      });

      test("rejects what tfjs rejects", async () => {
        await withEngine(state, async () => {
          const [x, y] = points(10);
          const model = classifier();
          await assert.rejects(model.fit(x, y, quiet), /compile/);
          compile(model);
          await assert.rejects(
            model.fit(x.slice([0, 0], [-1, 3]), y, quiet),
            /shape/,
          );
          await assert.rejects(
            model.fit(x, y, { ...quiet, batchSize: 0 }),
            /batchSize/,
          );
          await model.fit(x, y, quiet);
        });
      });

      test("rethrows a metric's error in any step, and can train afterwards", async () => {
        await withEngine(state, async () => {
          const [x, y] = points(32);
          const model = classifier();
          let calls = 0;
          model.compile({
            optimizer: "sgd",
            loss: "sparseCategoricalCrossentropy",
            metrics: [
              function broken(labels: tf.Tensor, outputs: tf.Tensor) {
                calls += 1;
                if (calls === 2) throw new Error("out of order");
                return tf.metrics.sparseCategoricalAccuracy(labels, outputs);
              },
            ],
          });
          await assert.rejects(
            model.fit(x, y, { ...quiet, batchSize: 8 }),
            /out of order/,
          );
          const before = tf.memory().numTensors;
          const { history } = await model.fit(x, y, {
            ...quiet,
            epochs: 4,
            batchSize: 8,
          });
          assert.equal(history["loss"]!.length, 4);
          assert.ok(tf.memory().numTensors - before < 10);
        });
      });
    });
  }

  test("the same seed of Math.random yields the same order of samples as in plain tfjs", async () => {
    const [x, y] = points(64);
    const { random } = Math;
    const draw = () => {
      let state = 12345;
      Math.random = () => {
        state = (state * 16807) % 2147483647;
        return state / 2147483647;
      };
    };
    try {
      const model = () => {
        const made = classifier();
        compile(made, "sgd");
        return made;
      };
      // The engine draws a seed if a layer draws random values; a model without randomness shows
      // only the order.
      const twins = await trainTwins(model, (each) => {
        draw();
        return each.fit(x, y, { ...quiet, epochs: 3, batchSize: 8 });
      });
      assertTwins(twins);
    } finally {
      Math.random = random;
    }
  });
});

describe("kinds of models", () => {
  test("several inputs and outputs, losses by name", async () => {
    const left = tf.tensor2d(
      [...Array(60).keys()].map((v) => v / 60),
      [30, 2],
    );
    const right = tf.randomNormal([30, 3], 0, 1, "float32", 3);
    const sums = left.sum(1, true);
    const signs = right.sum(1, true).greater(0).toFloat();
    const twins = await trainTwins(
      () => {
        const one = tf.input({ shape: [2] });
        const two = tf.input({ shape: [3] });
        const joined = tf.layers
          .concatenate()
          .apply([one, two]) as tf.SymbolicTensor;
        const hidden = tf.layers
          .dense({ units: 6, activation: "relu" })
          .apply(joined) as tf.SymbolicTensor;
        const value = tf.layers
          .dense({ units: 1, name: `value` })
          .apply(hidden) as tf.SymbolicTensor;
        const sign = tf.layers
          .dense({ units: 1, activation: "sigmoid", name: "sign" })
          .apply(hidden) as tf.SymbolicTensor;
        const model = tf.model({ inputs: [one, two], outputs: [value, sign] });
        model.compile({
          optimizer: tf.train.sgd(0.05),
          loss: { value: "meanSquaredError", sign: "binaryCrossentropy" },
          metrics: { sign: "accuracy" },
        });
        return model;
      },
      async (model) => {
        const { history } = await model.fit([left, right], [sums, signs], {
          ...quiet,
          epochs: 4,
          batchSize: 10,
          shuffle: false,
        });
        const losses = model.evaluate([left, right], [sums, signs], {
          batchSize: 10,
        }) as tf.Scalar[];
        const predicted = model.predict([left, right], {
          batchSize: 10,
        }) as tf.Tensor[];
        return [
          ...Object.values(history).flat(),
          ...losses.map((each) => each.dataSync()[0]!),
          ...predicted.flatMap((each) => Array.from(each.dataSync())),
        ];
      },
    );
    assertTwins(twins);
    assertClose(
      twins.results[0] as number[],
      twins.results[1] as number[],
      1e-5,
    );
    assert.ok(compiledSteps(twins.on) > 8);
  });

  test("class weights", async () => {
    const [x, y] = points(48);
    const labels = tf.oneHot(y.flatten().toInt(), 3).toFloat();
    const twins = await trainTwins(
      () => {
        const model = classifier();
        model.compile({
          optimizer: tf.train.sgd(0.1),
          loss: "categoricalCrossentropy",
        });
        return model;
      },
      (model) =>
        model.fit(x, labels, {
          ...quiet,
          epochs: 4,
          batchSize: 16,
          shuffle: false,
          classWeight: { 0: 1, 1: 5, 2: 0.25 },
        }),
    );
    assertTwins(twins);
    assert.ok(compiledSteps(twins.on) > 8);
    const unweighted = classifier();
    unweighted.compile({
      optimizer: tf.train.sgd(0.1),
      loss: "categoricalCrossentropy",
    });
    await unweighted.fit(x, labels, quiet);
  });

  test("a custom loss, metric and layer, a penalty, a constraint", async () => {
    class Scale extends tf.layers.Layer {
      static readonly className = "Scale";
      factor!: tf.LayerVariable;
      override build(): void {
        this.factor = this.addWeight(
          "factor",
          [1],
          "float32",
          tf.initializers.ones(),
        );
        this.built = true;
      }
      override computeOutputShape(shape: tf.Shape): tf.Shape {
        return shape;
      }
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const [input] = [inputs].flat();
        return tf.mul(input!, this.factor.read());
      }
    }
    const [x, y] = points(48);
    const twins = await trainTwins(
      () => {
        const model = classifier(
          new Scale({}),
          tf.layers.dense({
            units: 4,
            kernelRegularizer: tf.regularizers.l1l2({ l1: 1e-2, l2: 1e-2 }),
            kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5 }),
          }),
        );
        model.compile({
          optimizer: tf.train.sgd(0.1),
          loss: (labels, outputs) =>
            tf.losses.softmaxCrossEntropy(labels, tf.log(outputs)),
          metrics: [
            function largest(_labels: tf.Tensor, outputs: tf.Tensor) {
              return tf.max(outputs);
            },
          ],
        });
        return model;
      },
      async (model) => {
        const labels = tf.oneHot(y.flatten().toInt(), 3).toFloat();
        const { history } = await model.fit(x, labels, {
          ...quiet,
          epochs: 4,
          batchSize: 16,
          shuffle: false,
        });
        assert.deepEqual(Object.keys(history), ["loss", "largest"]);
        return Object.values(history).flat();
      },
    );
    assertTwins(twins);
    const [on, off] = twins.results as number[][];
    assertClose(on!, off!, 1e-5);
    assert.ok(compiledSteps(twins.on) > 8);
  });

  for (const [name, make] of Object.entries<() => tf.Sequential>({
    convolution: () =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({
            filters: 4,
            kernelSize: 3,
            activation: "relu",
            inputShape: [8, 8, 2],
          }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
    "depthwise and transposed convolution": () =>
      tf.sequential({
        layers: [
          tf.layers.depthwiseConv2d({
            kernelSize: 3,
            padding: "same",
            inputShape: [8, 8, 2],
          }),
          tf.layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2 }),
          tf.layers.globalAveragePooling2d({ dataFormat: "channelsLast" }),
          tf.layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
    "batch normalization": () =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({
            filters: 4,
            kernelSize: 3,
            inputShape: [8, 8, 2],
          }),
          tf.layers.batchNormalization(),
          tf.layers.activation({ activation: "tanh" }),
          tf.layers.averagePooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 5 }),
          tf.layers.batchNormalization(),
          tf.layers.leakyReLU(),
          tf.layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
    recurrent: () =>
      tf.sequential({
        layers: [
          tf.layers.reshape({ targetShape: [8, 16], inputShape: [8, 8, 2] }),
          tf.layers.lstm({ units: 4 }),
          tf.layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
    "nested model": () =>
      tf.sequential({
        layers: [
          tf.sequential({
            layers: [
              tf.layers.flatten({ inputShape: [8, 8, 2] }),
              tf.layers.dense({ units: 6, activation: "elu" }),
            ],
          }),
          tf.layers.layerNormalization(),
          tf.layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
  })) {
    test(`layers: ${name}`, async () => {
      const x = tf.randomNormal([24, 8, 8, 2], 0, 1, "float32", 5);
      const y = tf.tensor2d(
        [...Array(24).keys()].map((v) => v % 3),
        [24, 1],
      );
      const twins = await trainTwins(
        () => {
          const model = make();
          compile(model, tf.train.sgd(0.05));
          return model;
        },
        async (model) => {
          await model.fit(x, y, {
            ...quiet,
            epochs: 6,
            batchSize: 8,
            shuffle: false,
            validationData: [x, y],
          });
          const scalars = model.evaluate(x, y, { batchSize: 8 }) as tf.Scalar[];
          const outputs = model.predict(x, { batchSize: 8 }) as tf.Tensor;
          return [
            ...scalars.map((each) => each.dataSync()[0]!),
            ...outputs.dataSync(),
          ];
        },
      );
      assertTwins(twins, 1e-4);
      assertClose(
        twins.results[0] as number[],
        twins.results[1] as number[],
        1e-4,
      );
      assert.ok(compiledSteps(twins.on) > 10);
    });
  }
});

describe("methods other than fit", () => {
  test("trainOnBatch", async () => {
    const [x, y] = points(32);
    const twins = await trainTwins(
      () => {
        const model = classifier();
        compile(model, tf.train.sgd(0.1));
        return model;
      },
      async (model) => {
        const losses: number[] = [];
        for (let step = 0; step < 6; step += 1) {
          const [loss] = (await model.trainOnBatch(x, y)) as number[];
          losses.push(loss!);
        }
        return losses;
      },
    );
    assertTwins(twins);
    const [on, off] = twins.results as number[][];
    assertClose(on!, off!, 1e-5);
    assert.equal(compiledSteps(twins.on), 6 - recordedSteps());
  });

  test("fitDataset and evaluateDataset", async () => {
    const [x, y] = points(50);
    const dataset = tf.data
      .zip({
        xs: tf.data.array(x.arraySync()),
        ys: tf.data.array(y.arraySync()),
      })
      .batch(16);
    const twins = await trainTwins(
      () => {
        const model = classifier();
        compile(model, tf.train.sgd(0.1));
        return model;
      },
      async (model) => {
        const { history } = await model.fitDataset(dataset, {
          ...quiet,
          epochs: 5,
          validationData: dataset,
        });
        const scalars = (await model.evaluateDataset(
          dataset as never,
          {},
        )) as tf.Scalar[];
        return [
          ...(Object.values(history).flat() as number[]),
          ...scalars.map((each) => each.dataSync()[0]!),
        ];
      },
    );
    assertTwins(twins);
    const [on, off] = twins.results as number[][];
    assertClose(on!, off!, 1e-5);
    assert.ok(compiledSteps(twins.on) > 10);
  });

  test("a loop with optimizer.minimize, also through predict", async () => {
    const [x, y] = points(32);
    const labels = tf.oneHot(y.flatten().toInt(), 3).toFloat();
    const twins = await trainTwins(
      () => classifier(),
      async (model) => {
        const optimizer = tf.train.adam(0.05);
        const losses: number[] = [];
        for (let step = 0; step < 8; step += 1) {
          const loss = optimizer.minimize(
            () =>
              tf.losses
                .softmaxCrossEntropy(labels, model.predict(x) as tf.Tensor)
                .asScalar(),
            true,
          )!;
          losses.push(loss.dataSync()[0]!);
        }
        return losses;
      },
    );
    assertTwins(twins);
    const [on, off] = twins.results as number[][];
    assertClose(on!, off!, 1e-5);
    assert.ok(on![7]! < on![0]!);
  });

  test("predict: one sample, many, in any batch size; the same values", async () => {
    const [x, y] = points(70);
    const model = classifier(tf.layers.dropout({ rate: 0.5 }));
    compile(model);
    await model.fit(x, y, { ...quiet, epochs: 3 });
    const expected = await withEngine("off", () =>
      Array.from((model.predict(x) as tf.Tensor).dataSync()),
    );
    for (const batchSize of [1, 7, 32, 70, 500]) {
      for (let repetition = 0; repetition < 3; repetition += 1) {
        const outputs = model.predict(x, { batchSize }) as tf.Tensor;
        assert.deepEqual(outputs.shape, [70, 3]);
        assertClose(Array.from(outputs.dataSync()), expected, 1e-6);
        outputs.dispose();
      }
    }
    const single = model.predict(x.slice([3, 0], [1, -1])) as tf.Tensor;
    assertClose(Array.from(single.dataSync()), expected.slice(9, 12), 1e-6);
    assert.throws(() => model.predict(x.slice([0, 0], [-1, 2])), /shape/);
  });

  test("evaluate is the mean over the samples, for any batch size", async () => {
    const [x, y] = points(70);
    const model = classifier();
    compile(model);
    const expected = await withEngine("off", () =>
      (model.evaluate(x, y, { batchSize: 70 }) as tf.Scalar[]).map(
        (each) => each.dataSync()[0]!,
      ),
    );
    for (const batchSize of [1, 16, 70]) {
      for (let repetition = 0; repetition < 3; repetition += 1) {
        const scalars = model.evaluate(x, y, { batchSize }) as tf.Scalar[];
        const values = scalars.map((each) => each.dataSync()[0]!);
        assertClose(values, expected, 1e-6);
        tf.dispose(scalars);
      }
    }
  });

  test("save and load: the trained weights", async () => {
    const [x, y] = points(48);
    const model = classifier();
    compile(model);
    await model.fit(x, y, { ...quiet, epochs: 3, batchSize: 16 });
    let artifacts: Parameters<typeof tf.io.fromMemory>[0] | undefined;
    await model.save(
      tf.io.withSaveHandler(async (given) => {
        artifacts = given;
        return {
          modelArtifactsInfo: {
            dateSaved: new Date(),
            modelTopologyType: "JSON",
          },
        };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
    assert.deepEqual(weightsOf(loaded), weightsOf(model));
  });
});

describe("steps that are always traced", () => {
  test("a layer that draws random values in JavaScript", async () => {
    const [x, y] = points(64);
    const { random } = Math;
    try {
      const twins = await trainTwins(
        () => {
          const model = classifier(tf.layers.alphaDropout({ rate: 0.2 }));
          compile(model);
          return model;
        },
        async (model) => {
          let state = 7;
          Math.random = () =>
            (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
          const options = { ...quiet, shuffle: false, epochs: 3 };
          const { history } = await model.fit(x, y, options);
          return history["loss"];
        },
      );
      const [on, off] = twins.results as number[][];
      assertClose(on!, off!, 1e-5);
      const { traced } = stepsOf(twins.on)!.trainGathered.counts;
      assert.equal(traced, compiledSteps(twins.on));
      assert.ok(traced > 0);
    } finally {
      Math.random = random;
    }
  });

  test("an optimizer of a custom class", async () => {
    class Halving extends tf.SGDOptimizer {
      steps = 0;
      override applyGradients(gradients: tf.NamedTensorMap): void {
        this.steps += 1;
        if (this.steps % 4 === 0) this.setLearningRate(this.learningRate / 2);
        super.applyGradients(gradients);
      }
    }
    const [x, y] = points(64);
    const twins = await trainTwins(
      () => {
        const model = classifier();
        compile(model, new Halving(0.1));
        return model;
      },
      (model) =>
        model.fit(x, y, { ...quiet, shuffle: false, epochs: 2, batchSize: 8 }),
    );
    assertTwins(twins);
    assert.equal((twins.on.optimizer as Halving).steps, 16);
    assert.ok(compiledSteps(twins.on) > 8);
  });
});

describe("steps that cannot be compiled", () => {
  test("a loss that reads values in JavaScript", async () => {
    const [x, y] = points(64);
    const model = classifier();
    model.compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
      metrics: [
        function peek(_labels: tf.Tensor, outputs: tf.Tensor) {
          return tf.scalar(outputs.dataSync()[0]!);
        },
      ],
    });
    const warnings = await warningsOf(() =>
      model.fit(x, y, { ...quiet, epochs: 2, batchSize: 16 }),
    );
    assert.match(warnings[0]!, /read in JavaScript in the middle of the step/);
    assert.equal(compiledSteps(model), 0);
  });
});
