/**
 * Random flips and shifts: exact pixels, independent per image, new in each step, and in training
 * only.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isEngineOn } from "../../src/engine";
import { tf } from "../../src/engine/tensorflow";
import { stepsOf } from "../../src/engine/models/install";
import { randomFlip } from "../../src/models/random-flip";
import { randomShift } from "../../src/models/random-shift";
import { setSeed } from "../../src/training/seed";
import { errorWith } from "../error-with";

/** Images whose values are all different, (n, height, width, channels). */
function images(...shape: [number, number, number, number]): tf.Tensor4D {
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

/** Shifts an image like NumPy's `pad(mode="symmetric")` and a slice. */
function shifted(image: number[][][], down: number, right: number) {
  const reflect = (index: number, length: number) => {
    if (index < 0) return -1 - index;
    return index < length ? index : 2 * length - 1 - index;
  };
  return image.map((row, y) =>
    row.map(
      (_, x) =>
        image[reflect(y - down, image.length)]![
          reflect(x - right, row.length)
        ]!,
    ),
  );
}

describe("randomFlip", () => {
  test("mirrors about half of the images and leaves the others unchanged", () => {
    const x = images(400, 3, 5, 2);
    const given = x.arraySync();
    let flipped = 0;
    for (const [index, image] of inTraining(randomFlip(), x).entries()) {
      const mirror = given[index]!.map((row) => [...row].reverse());
      if (JSON.stringify(image) === JSON.stringify(mirror)) flipped += 1;
      else assert.deepEqual(image, given[index]);
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
    test(`${height} × ${width} by at most ${pixels}: exact whole-pixel shifts, all of them`, () => {
      const x = images(300, height, width, 1);
      const given = x.arraySync();
      const seen = new Set<string>();
      const moves = Array.from(
        { length: 2 * pixels + 1 },
        (_, i) => i - pixels,
      );
      for (const [index, image] of inTraining(
        randomShift({ pixels }),
        x,
      ).entries()) {
        const text = JSON.stringify(image);
        const found = moves
          .flatMap((down) => moves.map((right) => [down, right] as const))
          .find(
            ([down, right]) =>
              JSON.stringify(shifted(given[index]!, down, right)) === text,
          );
        assert.ok(found, `image ${index} is not a shift of the input`);
        seen.add(found.join(","));
      }
      assert.ok(seen.size > 0.9 * Math.min(moves.length ** 2, 280) * 0.9);
    });
  }

  test("rejects a fractional number of pixels", () => {
    assert.throws(
      () => randomShift({ pixels: 0.5 }),
      errorWith("ERR_INVALID_VALUE", "pixels", 0.5),
    );
  });
});

describe("randomFlip and randomShift", () => {
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
  const x = images(16, 8, 8, 1).div<tf.Tensor4D>(1024);
  const y = tf.zeros([16, 1]);

  test("are compiled, draw again in each step, and do nothing in evaluation and prediction", async () => {
    const model = make();
    const { history } = await model.fit(x, y, {
      epochs: 8,
      batchSize: 16,
      verbose: 0,
      shuffle: false,
    });
    assert.equal(new Set(history["loss"]).size, 8);
    const compiled = stepsOf(model)?.trainGathered.counts.compiled ?? 0;
    assert.equal(compiled, isEngineOn() ? 7 : 0);
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

  test("draw the same values for the same seed", async () => {
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
