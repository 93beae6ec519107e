/**
 * Tests steps that are traced because they run user code: how many tensors they use, what is
 * recorded, and what is kept.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine";
import { stepsOf } from "../../src/engine/models/install";
import { Recorder } from "../../src/engine/recording/recorder";
import { print } from "../../src/engine/recording/recording";
import { assertClose, classifier, compile, points, warningsOf } from "./models";

/** A custom layer that scales its input by a weight. */
class Scaled extends tf.layers.Layer {
  static readonly className = "ScaledInTests";
  scale!: tf.LayerVariable;
  calls = 0;

  override build(): void {
    const one = tf.initializers.ones();
    this.scale = this.addWeight("scale", [1], "float32", one);
    this.built = true;
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    this.calls += 1;
    return tf.mul([inputs].flat()[0]!, this.scale.read());
  }
}

type Loss = (labels: tf.Tensor, outputs: tf.Tensor) => tf.Scalar;

const squares: Loss = (labels, outputs) =>
  tf.mean(tf.square(tf.sub(labels, outputs)));

function modelWith(loss: Loss): { model: tf.Sequential; layer: Scaled } {
  const layer = new Scaled({});
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 3, inputShape: [2] }));
  model.add(layer);
  model.compile({ optimizer: tf.train.adam(0.01), loss });
  return { model, layer };
}

const [x, y] = points(8).map((tensor, index) =>
  index === 0 ? tensor.slice([0, 0], [8, 2]) : tf.tile(tensor, [1, 3]),
) as [tf.Tensor2D, tf.Tensor2D];

const counts = () => {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  return { numTensors, numDataBuffers, numBytes };
};

describe("a traced step", () => {
  test("runs its JavaScript once, and leaks no tensor", async () => {
    const { model, layer } = modelWith(squares);
    for (let step = 0; step < 5; step += 1) await model.trainOnBatch(x, y);
    const before = counts();
    for (let step = 0; step < 20; step += 1) await model.trainOnBatch(x, y);
    assert.deepEqual(counts(), before);
    assert.equal(layer.calls, 25);
    const { traced, stepByStep } = stepsOf(model)!.train.counts;
    assert.deepEqual({ traced, stepByStep }, { traced: 24, stepByStep: 1 });
  });

  test("leaks no tensor if it differs from the recordings", async () => {
    let step = 0;
    const { model } = modelWith((labels, outputs) => {
      step += 1;
      const loss = squares(labels, outputs);
      // A different number of operations in each step, so no recording matches again for long.
      let sum = loss;
      for (let more = 0; more < step % 5; more += 1) sum = tf.add(sum, loss);
      return sum;
    });
    // Each of the five programs has tensors for the optimizer's settings.
    for (let time = 0; time < 11; time += 1) await model.trainOnBatch(x, y);
    const before = counts();
    for (let time = 0; time < 10; time += 1) await model.trainOnBatch(x, y);
    assert.deepEqual(counts(), before);
  });

  test("leaves the variables unchanged if it throws", async () => {
    let fails = false;
    const { model } = modelWith((labels, outputs) => {
      if (fails) throw new Error("in the loss");
      return squares(labels, outputs);
    });
    for (let time = 0; time < 4; time += 1) await model.trainOnBatch(x, y);
    const weights = model.getWeights().map((each) => [...each.dataSync()]);
    fails = true;
    for (let time = 0; time < 3; time += 1) {
      await assert.rejects(model.trainOnBatch(x, y), /in the loss/);
    }
    assert.deepEqual(
      model.getWeights().map((each) => [...each.dataSync()]),
      weights,
    );
    fails = false;
    assert.ok(Number.isFinite(await model.trainOnBatch(x, y)));
  });

  test("is compiled to one program for varying constants, and to one per branch", async () => {
    let step = 0;
    const { model } = modelWith((labels, outputs) => {
      step += 1;
      const loss = tf.mul(squares(labels, outputs), 1 / step);
      return (step % 3 === 0 ? tf.add(loss, 100) : loss) as tf.Scalar;
    });
    const losses: number[] = [];
    for (let time = 0; time < 12; time += 1) {
      losses.push((await model.trainOnBatch(x, y)) as number);
    }
    for (const [index, loss] of losses.entries()) {
      assert.equal(loss >= 100, (index + 1) % 3 === 0, `step ${index + 1}`);
    }
    const { stepByStep, programs } = stepsOf(model)!.train.counts;
    assert.equal(stepByStep, 2);
    // Each of the two was compiled once with a fixed constant, or once with a fed constant.
    assert.ok(programs <= 4, `${programs} programs`);
  });

  test("assigns values to a tensor that is kept", async () => {
    let kept: tf.Tensor | undefined;
    const { model } = modelWith((labels, outputs) => {
      kept?.dispose();
      kept = tf.keep(tf.mean(outputs, 0));
      return squares(labels, outputs);
    });
    for (let time = 0; time < 6; time += 1) {
      const expected = (model.predict(x) as tf.Tensor).mean(0).dataSync();
      await model.trainOnBatch(x, y);
      assertClose([...kept!.dataSync()], [...expected], 1e-5);
    }
    assert.ok(stepsOf(model)!.train.counts.traced >= 4);
  });

  test("that always differs is no longer compiled, with one note", async () => {
    let step = 0;
    const { model } = modelWith((labels, outputs) => {
      step += 1;
      let loss = squares(labels, outputs);
      for (let more = 0; more < step; more += 1) loss = tf.add(loss, 1);
      return loss;
    });
    const notes = await warningsOf(async () => {
      for (let time = 0; time < 20; time += 1) {
        const loss = (await model.trainOnBatch(x, y)) as number;
        assert.equal(Math.floor(loss) >= step, true);
      }
    });
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, /one step executes other operations than the next/);
  });
});

test("a recording as text", () => {
  const weight = tf.variable(tf.tensor1d([2, 3]), true, "weightInPrint");
  const recorded = new Recorder([tf.tensor1d([1, 2])]).run(([input]) => {
    weight.assign(tf.mul(weight, 0.5));
    return [tf.sum(tf.mul(input!, weight))];
  });
  assert.ok("outputs" in recorded);
  assert.deepEqual(print(recorded.recording).split("\n"), [
    "%0 = Mul(weightInPrint, constant0)",
    "%1 = Mul(input0, %0)",
    "%2 = Sum(%1, constant1)",
    "weightInPrint = %0",
    "return %2",
  ]);
  tf.dispose([...recorded.outputs]);
  weight.dispose();
});

test("a fit wrapped by a notebook's kernel is not part of a step", async () => {
  const { prototype } = tf.LayersModel;
  const { fit } = prototype;
  prototype.fit = function (this: tf.LayersModel, ...parameters) {
    return fit.apply(this, parameters);
  };
  try {
    const model = classifier();
    compile(model);
    const [x, y] = points(8);
    await model.fit(x, y, { batchSize: 8, epochs: 6, verbose: 0 });
    const { traced, compiled } = stepsOf(model)!.trainGathered.counts;
    assert.ok(compiled >= 5);
    assert.equal(traced, 1);
  } finally {
    prototype.fit = fit;
  }
});
