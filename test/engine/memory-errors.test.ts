/**
 * Memory that cannot be allocated: TensorFlow's, the native step's and JavaScript's errors name
 * what was too large. All sizes are of terabytes, which no machine gives. TensorFlow tries for ten
 * seconds before it gives up, so most cases are in `test/long/memory-errors.test.ts`.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryErrorOf } from "../../src/engine/memory-error";
import { tf } from "../../src/engine/tensorflow";
import { errorWith } from "../error-with";
import { whyUnlimited, wideModel } from "./wide-model";

test("a layer's weight is named, with its shape", () => {
  const layer = tf.layers.dense({
    units: 1e6,
    inputShape: [1e6],
    kernelInitializer: "glorotUniform",
  });
  assert.throws(
    () => tf.sequential({ layers: [layer] }),
    errorWith(
      "ERR_MEMORY",
      "the weight kernel",
      "(1,000,000, 1,000,000), float32 (4 TB)",
      `in the layer ${layer.name}`,
    ),
  );
});

test(
  "training names the layer, the tensor and its size, and the engine goes on",
  { skip: whyUnlimited() },
  async () => {
    const { model, wide } = wideModel(1_000_000);
    const [x, y] = [tf.zeros([4000, 1000]), tf.zeros([4000, 1000])];
    await assert.rejects(
      model.fit(x, y, { batchSize: 4000, verbose: 0 }),
      errorWith("ERR_MEMORY", "1,000,000", "float32 (16 TB)", wide),
    );
    const { model: narrow } = wideModel(2);
    const { history } = await narrow.fit(x.slice([0], [2]), y.slice([0], [2]), {
      verbose: 0,
    });
    assert.deepEqual(history["loss"], [0]);
  },
);

describe("messages", () => {
  const message = (error: Error) => {
    const found = memoryErrorOf(error) as Error & { code?: string };
    return found === error ? undefined : found.message.split(". ")[0];
  };

  test("are those of TensorFlow, the native step and JavaScript", () => {
    const begin = "Expected memory for";
    const cases: readonly (readonly [Error, string])[] = [
      [
        new Error(
          "Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[] and type double on …",
        ),
        `${begin} a tensor of shape (), float64 (8 bytes), found too little`,
      ],
      [
        new Error("Invalid TF_Status: 8\nMessage: something else"),
        `${begin} a tensor or array, found too little`,
      ],
      [
        new Error("std::bad_alloc"),
        `${begin} a tensor or array, found too little`,
      ],
      [
        new Error(
          "Expected 12345678 bytes of memory for the outputs of a native step, found too little",
        ),
        `${begin} the outputs of a native step (12.3 MB), found too little`,
      ],
    ];
    for (const [error, text] of cases) assert.equal(message(error), text);
    const thrown = (run: () => unknown): Error => {
      try {
        run();
      } catch (error) {
        return error as Error;
      }
      return assert.fail("Expected an error");
    };
    assert.equal(
      message(thrown(() => new Float32Array(1e13))),
      `${begin} a tensor of shape (10,000,000,000,000,), float32 (40 TB), found too little`,
    );
    assert.equal(
      message(thrown(() => new ArrayBuffer(2 ** 52))),
      `${begin} an array of bytes, found too little`,
    );
  });

  test("of other errors stay as they are", () => {
    for (const error of [
      new RangeError("Invalid typed array length: -1"),
      new Error("Invalid typed array length: 1000"),
      new Error("Invalid TF_Status: 3\nMessage: …"),
      new RangeError("Maximum call stack size exceeded"),
    ]) {
      assert.equal(memoryErrorOf(error), error);
    }
    const explained = memoryErrorOf(new Error("std::bad_alloc"));
    assert.equal(memoryErrorOf(explained), explained);
    assert.equal(memoryErrorOf("text"), "text");
  });
});
