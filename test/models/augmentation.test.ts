/**
 * Pictures flipped and shifted at random: exactly, each on its own, anew in each step, and in training only.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { stepsOf } from "../../src/engine/models/install";
import { randomFlip } from "../../src/models/random-flip";
import { randomShift } from "../../src/models/random-shift";
import { setSeed } from "../../src/training/seed";

/** Pictures all of whose numbers differ, (n, height, width, channels). */
function pictures(...shape: [number, number, number, number]): tf.Tensor4D {
  const size = shape.reduce((product, value) => product * value, 1);
  return tf.tensor4d(
    Float32Array.from({ length: size }, (_, i) => i),
    shape,
  );
}

function inTraining(layer: tf.layers.Layer, x: tf.Tensor): number[][][][] {
  const y = layer.apply(x, { training: true }) as tf.Tensor4D;
  assert.deepEqual(y.shape, x.shape);
  return y.arraySync();
}

/** What NumPy's `pad(mode="symmetric")` and a slice would give. */
function shifted(picture: number[][][], down: number, right: number) {
  const reflect = (index: number, length: number) => {
    if (index < 0) return -1 - index;
    return index < length ? index : 2 * length - 1 - index;
  };
  return picture.map((row, y) =>
    row.map(
      (_, x) =>
        picture[reflect(y - down, picture.length)]![
          reflect(x - right, row.length)
        ]!,
    ),
  );
}

describe("randomFlip", () => {
  test("each picture is as it was or its mirror image, each in about half of the cases", () => {
    const x = pictures(400, 3, 5, 2);
    const given = x.arraySync();
    let flipped = 0;
    for (const [index, picture] of inTraining(randomFlip(), x).entries()) {
      const mirror = given[index]!.map((row) => [...row].reverse());
      if (JSON.stringify(picture) === JSON.stringify(mirror)) flipped += 1;
      else assert.deepEqual(picture, given[index]);
    }
    // Six standard deviations of a fair coin.
    assert.ok(Math.abs(flipped - 200) < 60, `${flipped} of 400`);
  });
});

describe("randomShift", () => {
  for (const [height, width, pixels] of [
    [8, 8, 2],
    [32, 32, 4],
    [28, 28, 3],
    [7, 11, 1],
  ] as const) {
    test(`${height} × ${width} by at most ${pixels}: whole pixels, to the bit, every shift`, () => {
      const x = pictures(300, height, width, 1);
      const given = x.arraySync();
      const seen = new Set<string>();
      const moves = Array.from(
        { length: 2 * pixels + 1 },
        (_, i) => i - pixels,
      );
      for (const [index, picture] of inTraining(
        randomShift({ pixels }),
        x,
      ).entries()) {
        const text = JSON.stringify(picture);
        const found = moves
          .flatMap((down) => moves.map((right) => [down, right] as const))
          .find(
            ([down, right]) =>
              JSON.stringify(shifted(given[index]!, down, right)) === text,
          );
        assert.ok(found, `picture ${index} is no shift of what was given`);
        seen.add(found.join(","));
      }
      assert.ok(seen.size > 0.9 * Math.min(moves.length ** 2, 280) * 0.9);
    });
  }

  test("refuses a number of pixels that is none", () => {
    assert.throws(() => randomShift({ pixels: 0.5 }), {
      name: "RangeError",
      message: "Expected `pixels` to be a whole number above 0, received 0.5",
    });
  });
});

describe("both", () => {
  const make = () => {
    const model = tf.sequential({
      layers: [
        randomFlip({ inputShape: [8, 8, 1] }),
        randomShift({ pixels: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1, kernelInitializer: "glorotNormal" }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(1e-12), loss: "meanSquaredError" });
    return model;
  };
  const x = pictures(16, 8, 8, 1).div<tf.Tensor4D>(1024);
  const y = tf.zeros([16, 1]);

  test("are compiled, draw anew in each step, and do nothing in evaluation and prediction", async () => {
    const model = make();
    const { history } = await model.fit(x, y, {
      epochs: 8,
      batchSize: 16,
      verbose: 0,
      shuffle: false,
    });
    assert.equal(new Set(history["loss"]).size, 8);
    assert.equal(stepsOf(model)!.trainGathered.counts.compiled, 7);
    const plain = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [8, 8, 1] }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    plain.setWeights(model.getWeights());
    assert.deepEqual(
      (model.predict(x) as tf.Tensor).arraySync(),
      (plain.predict(x) as tf.Tensor).arraySync(),
    );
  });

  test("the same seed draws the same", async () => {
    const losses = [];
    for (const seed of [1, 1, 2]) {
      setSeed(seed);
      const model = make();
      const { history } = await model.fit(x, y, {
        epochs: 5,
        batchSize: 8,
        verbose: 0,
      });
      losses.push(history["loss"]);
    }
    assert.deepEqual(losses[0], losses[1]);
    assert.notDeepEqual(losses[0], losses[2]);
  });

  test("are saved and loaded with a model", async () => {
    const model = make();
    const text = JSON.stringify(model.toJSON(null, false));
    const loaded = await tf.models.modelFromJSON(
      JSON.parse(text) as Parameters<typeof tf.models.modelFromJSON>[0],
    );
    assert.deepEqual(
      loaded.layers.map((layer) => layer.getClassName()),
      ["RandomFlip", "RandomShift", "Flatten", "Dense"],
    );
    assert.equal(loaded.layers[1]!.getConfig()["pixels"], 2);
  });
});
