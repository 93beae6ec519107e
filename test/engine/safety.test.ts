/**
 * Tests changes to a model between two steps or within one: model and variables end up as in tfjs.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileSteps, isEngineOn, setEngine, tf } from "../../src/engine";
import { stepsOf } from "../../src/engine/models/install";
import { errorWith } from "../error-with";
import {
  assertClose,
  classifier,
  compile,
  compiledSteps,
  copyWeights,
  points,
  warningsOf,
  weightsOf,
  withEngine,
} from "./models";

const quiet = { verbose: 0 } as const;
const inOrder = { ...quiet, epochs: 3, batchSize: 16, shuffle: false } as const;

/** Asserts that a scenario leads to the same weights with the engine on and off. */
async function assertSameStory(
  make: () => tf.LayersModel,
  story: (model: tf.LayersModel) => Promise<unknown>,
  tolerance = 2e-5,
): Promise<tf.LayersModel> {
  const on = make();
  const off = make();
  copyWeights(on, off);
  await withEngine("on", () => story(on));
  await withEngine("off", () => story(off));
  const expected = weightsOf(off);
  for (const [index, weights] of weightsOf(on).entries()) {
    assertClose(weights, expected[index]!, tolerance, `weight ${index}`);
  }
  return on;
}

function ready(optimizer: string | tf.Optimizer = "sgd"): tf.Sequential {
  const model = classifier();
  compile(model, optimizer);
  return model;
}

describe("between steps", () => {
  const [x, y] = points(64);

  test("weights set in a callback, to zeros and back", async () => {
    await assertSameStory(
      () => ready("adam"),
      async (model) => {
        let batches = 0;
        await model.fit(x, y, {
          ...inOrder,
          callbacks: {
            onBatchEnd: async () => {
              batches += 1;
              if (batches === 5) {
                model.setWeights(
                  model.getWeights().map((weight) => tf.zerosLike(weight)),
                );
              }
              if (batches === 9) {
                model.layers[1]!.setWeights(
                  model.layers[1]!.getWeights().map((weight) =>
                    tf.onesLike(weight),
                  ),
                );
              }
            },
          },
        });
      },
    );
  });

  test("weights read after every batch are those of that batch", async () => {
    const seen: Record<string, number[]> = { on: [], off: [] };
    const first = ready();
    const second = ready();
    copyWeights(first, second);
    for (const [state, model] of [
      ["on", first],
      ["off", second],
    ] as const) {
      await withEngine(state, () =>
        model.fit(x, y, {
          ...inOrder,
          callbacks: {
            onBatchEnd: async () => {
              seen[state]!.push(
                model.getWeights()[0]!.dataSync<"float32">()[0]!,
              );
            },
          },
        }),
      );
    }
    assert.equal(new Set(seen["on"]).size, 12);
    assertClose(seen["on"]!, seen["off"]!, 1e-6);
  });

  test("learning rate changed in a callback, for every optimizer that has one", async () => {
    const makers = [
      () => tf.train.adam(0.01),
      () => tf.train.rmsprop(0.01),
      () => tf.train.adagrad(0.1),
      () => tf.train.adamax(0.01),
      () => tf.train.rmsprop(0.01, 0.9, 0.1, 1e-13, true),
    ];
    for (const make of makers) {
      await assertSameStory(
        () => ready(make()),
        (model) =>
          model.fit(x, y, {
            ...inOrder,
            epochs: 5,
            callbacks: {
              onEpochEnd: async () => {
                const optimizer = model.optimizer as unknown as {
                  learningRate: number;
                };
                optimizer.learningRate /= 4;
              },
            },
          }),
        5e-5,
      );
    }
    await assertSameStory(
      () => ready(tf.train.sgd(0.5)),
      (model) =>
        model.fit(x, y, {
          ...inOrder,
          callbacks: {
            onEpochEnd: async () =>
              (model.optimizer as tf.SGDOptimizer).setLearningRate(0.05),
          },
        }),
    );
  });

  test("recompiled between two fits and in the middle of one", async () => {
    await assertSameStory(
      () => ready("adam"),
      async (model) => {
        await model.fit(x, y, inOrder);
        assert.equal(compiledSteps(model) > 0, isEngineOn());
        compile(model, tf.train.sgd(0.1));
        await model.fit(x, y, {
          ...inOrder,
          callbacks: {
            onEpochEnd: async (epoch) => {
              if (epoch === 1) compile(model, tf.train.momentum(0.1, 0.5));
            },
          },
        });
      },
    );
  });

  test("layers frozen and unfrozen", async () => {
    const on = await assertSameStory(
      () => ready(tf.train.sgd(0.2)),
      async (model) => {
        await model.fit(x, y, inOrder);
        model.layers[0]!.trainable = false;
        compile(model, tf.train.sgd(0.2));
        const [first, second] = model.layers.map(
          (layer) => () => Array.from(layer.getWeights()[0]!.dataSync()),
        );
        const before = [first!(), second!()];
        await model.fit(x, y, inOrder);
        assert.deepEqual(first!(), before[0]);
        assert.notDeepEqual(second!(), before[1]);
        model.layers[0]!.trainable = true;
        compile(model, tf.train.sgd(0.2));
        await model.fit(x, y, inOrder);
        assert.notDeepEqual(first!(), before[0]);
      },
    );
    assert.ok(on);
  });

  test("a setting of a layer changed: the rate of a dropout", async () => {
    const dropout = tf.layers.dropout({ rate: 0.5 });
    const model = classifier(dropout);
    compile(model);
    await model.fit(x, y, inOrder);
    (dropout as unknown as { rate: number }).rate = 0;
    const twin = classifier(tf.layers.dropout({ rate: 0 }));
    compile(twin);
    // Without dropout both are the same from here; with the old program they would differ.
    compile(model);
    copyWeights(model, twin);
    await model.fit(x, y, inOrder);
    await withEngine("off", () => twin.fit(x, y, inOrder));
    const expected = weightsOf(twin);
    for (const [index, weights] of weightsOf(model).entries()) {
      assertClose(weights, expected[index]!, 2e-5);
    }
  });

  test("the rate of a dropout changed between epochs of one fit", async () => {
    const dropout = tf.layers.dropout({ rate: 0.9 });
    const model = classifier(dropout);
    compile(model, tf.train.sgd(1e-12));
    const { history } = await model.fit(x, y, {
      ...quiet,
      epochs: 8,
      batchSize: 64,
      shuffle: false,
      callbacks: {
        onEpochEnd: async (epoch) => {
          if (epoch === 4) (dropout as unknown as { rate: number }).rate = 0;
        },
      },
    });
    const loss = history["loss"] as number[];
    // The weights do not change: without dropout, the loss is the same in every epoch; with
    // dropout, it differs.
    assert.equal(new Set(loss.slice(0, 5)).size, 5);
    assertClose(loss.slice(6), [loss[5]!, loss[5]!], 1e-5);
  });

  test("two models alternately, two that share a layer, two compiled over the same weights", async () => {
    await assertSameStory(
      () => ready(tf.train.adam(0.01)),
      async (model) => {
        const other = ready(tf.train.adam(0.01));
        for (let turn = 0; turn < 4; turn += 1) {
          await model.fit(x, y, { ...inOrder, epochs: 1 });
          await other.fit(x, y, { ...inOrder, epochs: 1 });
        }
      },
    );
    await assertSameStory(
      () => ready(tf.train.sgd(0.1)),
      async (model) => {
        const head = tf.layers.dense({
          units: 3,
          activation: "softmax",
          kernelInitializer: "ones",
        });
        const other = tf.model({
          inputs: model.inputs[0]!,
          outputs: head.apply(model.layers[0]!.output) as tf.SymbolicTensor,
        });
        compile(other, tf.train.sgd(0.1));
        for (let turn = 0; turn < 4; turn += 1) {
          await model.fit(x, y, { ...inOrder, epochs: 1 });
          await other.fit(x, y, { ...inOrder, epochs: 1 });
        }
      },
    );
  });

  test("two fits at the same time, of two models", async () => {
    const first = ready("adam");
    const second = ready("adam");
    const third = ready("adam");
    copyWeights(first, second);
    copyWeights(first, third);
    await Promise.all([
      first.fit(x, y, { ...inOrder, yieldEvery: "batch" }),
      second.fit(x, y, { ...inOrder, yieldEvery: "batch" }),
    ]);
    await third.fit(x, y, inOrder);
    assert.deepEqual(weightsOf(first), weightsOf(third));
    assert.deepEqual(weightsOf(second), weightsOf(third));
    const ongoing = first.fit(x, y, { ...inOrder, yieldEvery: "batch" });
    await assert.rejects(
      first.fit(x, y, inOrder),
      /another fit\(\) call is ongoing/,
    );
    await ongoing;
  });

  test("the engine switched off and on between fits; weights and optimizer continue", async () => {
    const model = ready("adam");
    const twin = ready("adam");
    copyWeights(model, twin);
    for (const state of ["on", "off", "on", "off"] as const) {
      await withEngine(state, () => model.fit(x, y, inOrder));
      await withEngine("off", () => twin.fit(x, y, inOrder));
    }
    const expected = weightsOf(twin);
    for (const [index, weights] of weightsOf(model).entries()) {
      assertClose(weights, expected[index]!, 5e-5);
    }
    assert.ok(compiledSteps(model) >= 10);
  });

  test("variables disposed of explicitly", async () => {
    const model = ready("adam");
    await model.fit(x, y, inOrder);
    model.dispose();
    assert.throws(() => model.predict(x), /disposed/);
    const another = ready();
    await another.fit(x, y, inOrder);
  });

  test("a custom kernel and gradient are respected, before and after", async () => {
    const model = ready();
    await model.fit(x, y, inOrder);
    const before = compiledSteps(model);
    const config = tf.getKernel("Tanh", "tensorflow");
    let calls = 0;
    tf.unregisterKernel("Tanh", "tensorflow");
    tf.registerKernel({
      ...config,
      kernelFunc: (parameters) => {
        calls += 1;
        return config.kernelFunc(parameters);
      },
    });
    try {
      await model.fit(x, y, { ...inOrder, epochs: 1 });
      assert.ok(calls >= 2, "the step was recorded again, with the new kernel");
      setEngine("off");
      setEngine("on");
      assert.notEqual(tf.getKernel("Tanh", "tensorflow"), config);
    } finally {
      tf.unregisterKernel("Tanh", "tensorflow");
      tf.registerKernel(config);
    }
    assert.ok(before > 0);
    const gradient = tf.getGradient("Relu");
    const own = { ...gradient, gradFunc: () => ({}) };
    tf.unregisterGradient("Relu");
    tf.registerGradient(own);
    setEngine("off");
    assert.equal(tf.getGradient("Relu"), own);
    setEngine("on");
    assert.equal(tf.getGradient("Relu"), own);
    tf.unregisterGradient("Relu");
    tf.registerGradient(gradient);
  });
});

describe("a loss that is not finite", () => {
  const [x, y] = points(64);

  test("is replayed, names the layer, and leaves the weights as tfjs does", async () => {
    const make = () => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({
            units: 8,
            inputShape: [4],
            activation: "relu",
            kernelInitializer: "ones",
            name: `first${String(Math.random()).slice(2)}`,
          }),
          tf.layers.dense({
            units: 3,
            kernelInitializer: "ones",
            name: `second${String(Math.random()).slice(2)}`,
          }),
        ],
      });
      model.compile({
        optimizer: tf.train.sgd(1e25),
        loss: "meanSquaredError",
      });
      return model;
    };
    const targets = tf.tile(y, [1, 3]);
    const on = make();
    const off = make();
    const histories: number[][] = [];
    const warnings = await warningsOf(async () => {
      for (const [state, model] of [
        ["on", on],
        ["off", off],
      ] as const) {
        const { history } = await withEngine(state, () =>
          model.fit(x, targets, { ...inOrder, epochs: 2, batchSize: 8 }),
        );
        histories.push(history["loss"] as number[]);
      }
    });
    assert.deepEqual(histories[0]!.map(String), histories[1]!.map(String));
    assert.deepEqual(
      weightsOf(on).flat().map(String),
      weightsOf(off).flat().map(String),
    );
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /^convnotes: the loss became (NaN|Infinity)\. .*(first|second)\d+/,
    );
  });

  test("in a program: a batch with a NaN", async () => {
    const model = ready(tf.train.sgd(0.1));
    const bad = x.arraySync();
    bad[60]![2] = Number.NaN;
    const data = tf.tensor2d(bad);
    const twin = ready(tf.train.sgd(0.1));
    copyWeights(model, twin);
    const warnings = await warningsOf(async () => {
      await model.fit(data, y, { ...inOrder, epochs: 1 });
    });
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /the loss became NaN\. The input of the layer .+ is not finite/,
    );
    await withEngine("off", () => twin.fit(data, y, { ...inOrder, epochs: 1 }));
    assert.deepEqual(
      weightsOf(model).flat().map(String),
      weightsOf(twin).flat().map(String),
    );
  });
});

describe("memory", () => {
  test("no more tensors after a thousand steps than after ten", async () => {
    const [x, y] = points(64);
    const model = ready("adam");
    const train = () =>
      model.fit(x, y, {
        ...quiet,
        epochs: 10,
        batchSize: 10,
        validationData: [x, y],
      });
    await train();
    const before = tf.memory().numTensors;
    for (let repetition = 0; repetition < 10; repetition += 1) await train();
    // Fewer, if garbage of previous tests was collected meanwhile.
    assert.ok(tf.memory().numTensors <= before);
    const prediction = model.predict(x) as tf.Tensor;
    prediction.dispose();
    tf.dispose(model.evaluate(x, y));
    // Fewer, if garbage of previous tests was collected meanwhile.
    assert.ok(tf.memory().numTensors <= before);
  });

  test("the number of programs is bounded for many shapes", async () => {
    const [x] = points(64);
    const model = ready();
    for (let samples = 1; samples <= 40; samples += 1) {
      for (let repetition = 0; repetition < 4; repetition += 1) {
        const few = x.slice([0, 0], [samples, -1]);
        tf.dispose(model.predict(few, { batchSize: 64 }));
      }
    }
    assert.ok(stepsOf(model)!.predict.counts.programs >= 40);
    assert.ok(stepsOf(model)!.predict.programs <= 32);
  });
});

describe("compileSteps", () => {
  test("compiles one model while the engine is off for the others", async () => {
    const [x, y] = points(64);
    setEngine("off");
    try {
      const chosen = compileSteps(ready());
      const other = ready();
      await chosen.fit(x, y, inOrder);
      await other.fit(x, y, inOrder);
      assert.ok(compiledSteps(chosen) > 5);
      assert.equal(compiledSteps(other), 0);
    } finally {
      setEngine("on");
    }
    assert.ok(isEngineOn());
  });

  test("an unknown state is rejected", () => {
    assert.throws(
      () => setEngine("maybe" as "on"),
      errorWith(
        "ERR_INVALID_VALUE",
        '"on", "native", "graph" or "off"',
        '"maybe"',
      ),
    );
  });
});
