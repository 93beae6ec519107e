/**
 * Native training steps: the values of the graph's, the same bits on any number of threads, and errors where a step cannot be native.
 *
 * Takes about ten seconds.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { lessonModels } from "../../../bench/training/build";
import { compilation, setEngine, tf } from "../../../src/engine";
import { nativeAddon } from "../../../src/engine/native/addon";
import { stepsOf } from "../../../src/engine/models/install";
import { setSeed } from "../../../src/training/seed";
import { classifier, compile, points } from "../models";
import { distance, train } from "./lessons";

const { reason } = nativeAddon();
const skip = reason ?? false;

after(() => setEngine("on"));

describe("the lessons' models", { skip }, () => {
  for (const { name } of lessonModels) {
    test(`${name}: losses and weights are those of the graph`, async () => {
      setEngine("graph");
      const graph = await train(name, 8);
      setEngine("native");
      const native = await train(name, 8);
      // Of each form of batch, the first step is recorded.
      assert.equal(native.native, 4);
      assert.equal(graph.native, 0);
      for (const [epoch, loss] of graph.losses.entries()) {
        const error = Math.abs(native.losses[epoch]! - loss) / loss;
        assert.ok(error < 1e-4, `loss ${native.losses[epoch]}, graph ${loss}`);
      }
      // A unit within rounding of zero may fall on the other side of its relu, and Adam makes a whole step of any gradient.
      for (const [index, weights] of graph.weights.entries()) {
        const apart = distance(weights, native.weights[index]!);
        assert.ok(apart < 0.02, `weights ${index} differ by ${apart}`);
      }
    });
  }
});

describe("the bits", { skip }, () => {
  const before = process.env["CONVNOTES_THREADS"];
  after(() => {
    if (before === undefined) delete process.env["CONVNOTES_THREADS"];
    else process.env["CONVNOTES_THREADS"] = before;
  });
  for (const name of ["1", "0c", "3c"]) {
    test(`of model ${name} are the same on 1, 2 and 4 threads`, async () => {
      setEngine("native");
      const all: Float32Array[][] = [];
      for (const threads of ["1", "2", "4"]) {
        process.env["CONVNOTES_THREADS"] = threads;
        all.push((await train(name, 10)).weights);
      }
      assert.deepEqual(all[1], all[0]);
      assert.deepEqual(all[2], all[0]);
    });
  }
});

describe("a native step", { skip }, () => {
  /** Trains a small classifier for some epochs, with the engine in a state. */
  const small = async (
    state: "native" | "graph",
    optimizer: () => tf.Optimizer,
    between: (model: tf.Sequential) => void = () => undefined,
  ): Promise<Float32Array> => {
    setEngine(state);
    setSeed(2);
    const model = classifier();
    model.setWeights(
      model
        .getWeights()
        .map(({ shape }, index) =>
          tf.randomNormal(shape, 0, 0.4, "float32", index),
        ),
    );
    compile(model, optimizer());
    const [x, y] = points(24);
    await model.fit(x, y, { batchSize: 8, epochs: 2, verbose: 0 });
    between(model);
    await model.fit(x, y, { batchSize: 8, epochs: 2, verbose: 0 });
    return tf
      .concat(model.getWeights().map((each) => each.flatten()))
      .dataSync<"float32">();
  };

  test("takes weights that were set between two fits", async () => {
    const optimizer = () => tf.train.sgd(0.1);
    const halve = (model: tf.Sequential) =>
      model.setWeights(model.getWeights().map((each) => each.mul(0.5)));
    const [graph, native, other] = [
      await small("graph", optimizer, halve),
      await small("native", optimizer, halve),
      await small("native", optimizer),
    ];
    assert.ok(distance(graph, native) < 1e-5);
    assert.ok(distance(native, other) > 1e-2);
  });

  test("gives a loss that is not finite as what it is", async () => {
    setEngine("native");
    const model = classifier();
    compile(model, tf.train.sgd(0.1));
    const [x, y] = points(8);
    await model.fit(x, y, { batchSize: 8, epochs: 3, verbose: 0 });
    const infinite = x.mul(Infinity) as tf.Tensor2D;
    const history = await model.fit(infinite, y, {
      batchSize: 8,
      epochs: 1,
      verbose: 0,
    });
    assert.ok(!Number.isFinite(history.history["loss"]![0] as number));
  });

  test("that is not to be had throws the reason", async () => {
    setEngine("native");
    const model = classifier(tf.layers.gaussianNoise({ stddev: 0.1 }));
    compile(model);
    const [x, y] = points(8);
    await assert.rejects(
      async () => model.fit(x, y, { batchSize: 8, epochs: 3, verbose: 0 }),
      {
        message:
          /^Expected a step that can run natively, received one that cannot: it has the operation StatelessRandomNormal/,
      },
    );
    setEngine("on");
    await model.fit(x, y, { batchSize: 8, epochs: 3, verbose: 0 });
    const { training } = compilation(model);
    assert.equal(training.native, 0);
    assert.ok(training.graph > 0);
    assert.deepEqual(training.notNative, [
      "it has the operation StatelessRandomNormal",
    ]);
    assert.match(
      String(compilation(model)),
      /; not native: .* StatelessRandomNormal\n/,
    );
  });

  test("is what evaluation, prediction and single batches are too", async () => {
    setEngine("native");
    const model = classifier();
    compile(model);
    const [x, y] = points(24);
    const options = { batchSize: 8, epochs: 3, verbose: 0 } as const;
    const history = await model.fit(x, y, {
      ...options,
      validationData: [x, y],
    });
    const [loss] = model.evaluate(x, y, { batchSize: 8 }) as tf.Scalar[];
    // The weights that the native steps have left are those that everything sees.
    assert.equal(
      loss!.dataSync()[0],
      history.history["val_loss"]!.at(-1) as number,
    );
    for (let step = 0; step < 3; step += 1) await model.trainOnBatch(x, y);
    for (let call = 0; call < 3; call += 1) {
      assert.deepEqual((model.predict(x) as tf.Tensor).shape, [24, 3]);
    }
    const { training, evaluation, prediction } = compilation(model);
    assert.deepEqual(
      [training, evaluation, prediction].map(({ native }) => native),
      [8 + 2, 11, 2],
    );
  });

  test("does many batches in one run, with the bits of each by itself", () => {
    setEngine("native");
    const model = classifier();
    compile(model);
    const [x, y] = points(84);
    const options = { batchSize: 8 };
    const slices = Array.from({ length: 11 }, (_, batch) => {
      const size = Math.min(8, 84 - 8 * batch);
      return [x, y].map((data) => tf.slice(data!, 8 * batch, size));
    });
    const use = ([data, labels]: tf.Tensor[]) => {
      const [loss] = model.evaluate(data!, labels!, options) as tf.Scalar[];
      const values = (model.predict(data!, options) as tf.Tensor).dataSync();
      return { values, loss: loss!.dataSync()[0]! };
    };
    // The first of each size are not native yet.
    for (let round = 0; round < 3; round += 1) {
      use([x, y]);
      use(slices[0]!);
      use(slices.at(-1)!);
    }
    const whole = use([x, y]);
    const parts = slices.map(use);
    assert.deepEqual(
      [...whole.values],
      parts.flatMap(({ values }) => [...values]),
    );
    const total = parts.reduce(
      (sum, { loss }, batch) => sum + loss * slices[batch]![0]!.shape[0]!,
      0,
    );
    assert.equal(whole.loss, Math.fround(total / 84));
    const { predictGathered, testGathered } = stepsOf(model)!;
    for (const { runs, native } of [
      predictGathered.counts,
      testGathered.counts,
    ]) {
      // Of all batches but the last, after the first two.
      assert.ok(runs < native / 2, `${runs} runs of ${native} steps`);
    }
  });

  test("prints its program", async () => {
    setEngine("native");
    const model = classifier();
    compile(model);
    const [x, y] = points(8);
    await model.fit(x, y, { batchSize: 8, epochs: 4, verbose: 0 });
    assert.match(
      String(compilation(model)),
      /^training: 3 steps native, 0 as a graph, 1 operation by operation\n[^]*updateAdam\(/,
    );
  });
});
