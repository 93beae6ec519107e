import assert from "node:assert/strict";
import { before, test } from "node:test";
import { collectNow, startCollecting } from "../../../src/engine/collection";
import { tf } from "../../../src/engine/tensorflow";
import { assertSettles, settledCounts } from "./memory";

before(() => {
  startCollecting();
});

function buildModel(optimizer: string): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [8, 8, 3],
        filters: 4,
        kernelSize: 3,
        activation: "relu",
      }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2048, activation: "relu" }),
      tf.layers.dense({ units: 5, activation: "softmax" }),
    ],
  });
  model.compile({
    optimizer,
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** Does what a notebook cell does: no dispose, no tidy, no references kept. */
async function trainAndDrop(optimizer: string): Promise<void> {
  const model = buildModel(optimizer);
  const images = tf.randomUniform([24, 8, 8, 3]);
  const labels = tf.oneHot(
    tf.range(0, 24).toInt().mod(tf.scalar(5).toInt()),
    5,
  );
  const history = await model.fit(images, labels, {
    epochs: 2,
    batchSize: 8,
    verbose: 0,
    validationSplit: 0.25,
  });
  assert.equal(history.history["loss"]?.length, 2);
  model.evaluate(images, labels);
  assert.deepEqual((model.predict(images) as tf.Tensor).shape, [24, 5]);
}

test("a model built, compiled, trained and dropped 50 times leaves nothing behind", async (context) => {
  await trainAndDrop("adam");
  const start = await settledCounts();
  const known = Object.keys(tf.engine().registeredVariables).length;
  const resident: number[] = [];
  for (let round = 0; round < 50; round++) {
    await trainAndDrop("adam");
    if (round % 5 === 4) {
      await assertSettles(start);
      assert.equal(Object.keys(tf.engine().registeredVariables).length, known);
      resident.push(process.memoryUsage().rss);
    }
  }
  const megabytes = resident.map((bytes) => Math.round(bytes / 2 ** 20));
  context.diagnostic(`resident memory: ${megabytes.join(", ")} MB`);
  // Without collection, weights and Adam's moments alone (3 * 307,000 numbers per round) would add
  // 147 MB in these 40 rounds. It takes some rounds to reach a steady level.
  const growth = megabytes.at(-1)! - megabytes[1]!;
  assert.ok(growth < 60, `grown by ${growth} MB`);
});

for (const optimizer of ["sgd", "rmsprop", "adagrad", "adamax", "adadelta"]) {
  test(`the variables of ${optimizer} are freed with a dropped model`, async () => {
    const start = await settledCounts();
    await trainAndDrop(optimizer);
    await assertSettles(start);
  });
}

test("a model in use continues while others are collected", async () => {
  const model = buildModel("sgd");
  const images = tf.randomUniform([8, 8, 8, 3]);
  const labels = tf.oneHot([0, 1, 2, 3, 4, 0, 1, 2], 5);
  const predict = () =>
    Array.from((model.predict(images) as tf.Tensor).dataSync());
  // The first prediction is recorded, the others are computed by a program: their last digits may
  // differ.
  predict();
  const expected = predict();
  await trainAndDrop("adam");
  await collectNow();
  assert.deepEqual(predict(), expected);
  await model.fit(images, labels, { epochs: 1, batchSize: 4, verbose: 0 });
  await collectNow();
  const trained = predict();
  assert.notDeepEqual(trained, expected);
  await collectNow();
  assert.deepEqual(predict(), trained);
});

test("a functional model with two inputs is freed", async () => {
  const start = await settledCounts();
  await (async () => {
    const left = tf.input({ shape: [4] });
    const right = tf.input({ shape: [4] });
    const shared = tf.layers.dense({ units: 3 });
    const joined = tf.layers
      .concatenate()
      .apply([shared.apply(left), shared.apply(right)] as tf.SymbolicTensor[]);
    const output = tf.layers.dense({ units: 1 }).apply(joined);
    const model = tf.model({
      inputs: [left, right],
      outputs: output as tf.SymbolicTensor,
    });
    model.compile({ optimizer: "adam", loss: "meanSquaredError" });
    await model.fit([tf.ones([6, 4]), tf.zeros([6, 4])], tf.ones([6, 1]), {
      verbose: 0,
      batchSize: 3,
    });
  })();
  await assertSettles(start);
});

test("a loop of optimizer.minimize trains, and its optimizer is freed", async () => {
  const start = await settledCounts();
  await (async () => {
    const slope = tf.variable(tf.scalar(0));
    const offset = tf.variable(tf.scalar(0));
    const inputs = tf.linspace(-1, 1, 32);
    const targets = inputs.mul(3).add(1);
    const optimizer = tf.train.adam(0.1);
    const losses: number[] = [];
    for (let step = 0; step < 100; step++) {
      const loss = optimizer.minimize(
        () =>
          tf.losses.meanSquaredError<tf.Tensor, tf.Scalar>(
            targets,
            inputs.mul(slope).add(offset),
          ),
        true,
      );
      losses.push((await loss!.data())[0]!);
      if (step % 25 === 0) {
        await collectNow();
      }
    }
    assert.ok(losses[99]! < 0.05 && losses[99]! < losses[0]!);
    assert.ok(Math.abs(slope.dataSync()[0]! - 3) < 0.5);
    assert.ok(Math.abs(offset.dataSync()[0]! - 1) < 0.5);
  })();
  await assertSettles(start);
});

test("disposing of a model explicitly works as in tfjs", async () => {
  const start = await settledCounts();
  const model = buildModel("adam");
  await model.fit(tf.ones([4, 8, 8, 3]), tf.ones([4, 5]), { verbose: 0 });
  model.dispose();
  model.optimizer.dispose();
  assert.throws(() => model.dispose(), /already disposed/);
  await assertSettles(start);
});
