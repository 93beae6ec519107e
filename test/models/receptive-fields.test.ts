/**
 * Receptive fields, compared with actual models: the pixels that change the middle value of the
 * output when each is set alone.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { receptiveFields } from "../../src/models/receptive-fields";
import { errorWith } from "../error-with";

const { averagePooling2d, conv2d, dense, flatten, maxPooling2d } = tf.layers;
const ones = { kernelInitializer: "ones", useBias: false } as const;
const side = 29;

/**
 * Returns the rows and columns of the smallest rectangle that contains all pixels that the middle
 * value of the model's output depends on.
 */
function measuredField(model: tf.Sequential): [number, number] {
  return tf.tidy(() => {
    const lit = tf.eye(side * side).reshape([side * side, side, side, 1]);
    const output = model.predict(lit) as tf.Tensor4D;
    const [, rows, columns, channels] = output.shape;
    const middle = output
      .slice([0, rows >> 1, columns >> 1, 0], [-1, 1, 1, channels])
      .sum([1, 2, 3])
      .reshape([side, side])
      .greater(0);
    // A dilated window has gaps, so it is measured from its first to its last pixel.
    return [0, 1].map((axis) => {
      const lit = [...middle.any(1 - axis).dataSync()];
      return lit.lastIndexOf(1) - lit.indexOf(1) + 1;
    }) as [number, number];
  });
}

describe("receptiveFields", () => {
  const inputShape = [side, side, 1];
  const models: Record<string, () => tf.layers.Layer[]> = {
    "two 3 × 3": () => [
      conv2d({ ...ones, filters: 1, kernelSize: 3, inputShape }),
      conv2d({ ...ones, filters: 2, kernelSize: 3 }),
    ],
    "one 5 × 5 with stride 2, then 3 × 3": () => [
      conv2d({ ...ones, filters: 1, kernelSize: 5, strides: 2, inputShape }),
      conv2d({ ...ones, filters: 1, kernelSize: 3 }),
    ],
    "convolutions and poolings": () => [
      conv2d({ ...ones, filters: 2, kernelSize: [3, 1], inputShape }),
      maxPooling2d({ poolSize: 2 }),
      tf.layers.dropout({ rate: 0.5 }),
      conv2d({ ...ones, filters: 1, kernelSize: 3, activation: "relu" }),
      averagePooling2d({ poolSize: 3, strides: 2 }),
    ],
    "with dilation": () => [
      conv2d({
        ...ones,
        filters: 1,
        kernelSize: 3,
        dilationRate: 3,
        inputShape,
      }),
      conv2d({ ...ones, filters: 1, kernelSize: [1, 5] }),
    ],
  };
  for (const [name, layers] of Object.entries(models)) {
    test(`${name}: equal to the measured field`, () => {
      const model = tf.sequential({ layers: layers() });
      const fields = receptiveFields(model);
      assert.deepEqual(fields.at(-1)!.size, measuredField(model));
    });
  }

  test("two 3 × 3 cover 5 × 5, strides multiply, and dense layers depend on the whole image", () => {
    const fields = receptiveFields(
      tf.sequential({
        layers: [
          conv2d({ filters: 1, kernelSize: 3, inputShape }),
          conv2d({ filters: 1, kernelSize: 3 }),
          maxPooling2d({ poolSize: 2 }),
          flatten(),
          dense({ units: 2 }),
          tf.layers.dropout({ rate: 0.5 }),
        ],
      }),
    );
    assert.deepEqual(
      fields.map(({ name, size, stride }) => [name, size, stride]),
      [
        ["conv2d", [3, 3], [1, 1]],
        ["conv2d_1", [5, 5], [1, 1]],
        ["max_pooling2d", [6, 6], [2, 2]],
        ["flatten", null, null],
        ["dense", null, null],
        ["dropout", null, null],
      ],
    );
  });

  test("rejects branches and unknown layers", () => {
    const input = tf.input({ shape: [8, 8, 1] });
    const convolved = conv2d({
      filters: 1,
      kernelSize: 3,
      padding: "same",
    }).apply(input) as tf.SymbolicTensor;
    const sum = tf.layers.add().apply([input, convolved]) as tf.SymbolicTensor;
    assert.throws(
      () => receptiveFields(tf.model({ inputs: input, outputs: sum })),
      errorWith("ERR_UNSUPPORTED", "chain", "add"),
    );
    const upsampled = tf.sequential({
      layers: [tf.layers.upSampling2d({ inputShape: [4, 4, 1] })],
    });
    assert.throws(
      () => receptiveFields(upsampled),
      errorWith("ERR_UNSUPPORTED", "windows", "up_sampling2d"),
    );
  });
});
