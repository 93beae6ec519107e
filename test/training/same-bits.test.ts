/**
 * The same seed gives bit-identical results for lesson 0's third network, on as many images as
 * there. With TensorFlow's operations running in parallel, the gradient of the second convolution's
 * kernel was one of several sums, and these eight runs gave five to eight different results.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { buildLessonModel } from "../../bench/training/build";
import { tf } from "../../src/engine";
import { compileFromLogits } from "../../src/training/logits";
import { setSeed } from "../../src/training/seed";

const STEPS = 12;

test("eight runs give the same weights", async () => {
  const samples = 50_000;
  const x = tf.randomUniform([samples, 32, 32, 3], 0, 1, "float32", 7);
  const y = tf
    .range(0, samples, 1, "int32")
    .mod(tf.scalar(10, "int32"))
    .reshape([samples, 1]);
  const digests = new Set<string>();
  for (let run = 0; run < 8; run++) {
    setSeed(5);
    const model = buildLessonModel("0c");
    compileFromLogits(model, { optimizer: tf.train.adam(3e-4) });
    await model.fit(x, y, {
      batchSize: 64,
      verbose: 0,
      callbacks: {
        onBatchEnd: async (batch) => {
          if (batch === STEPS - 1) model.stopTraining = true;
        },
      },
    });
    const hash = createHash("sha256");
    for (const weight of model.getWeights()) {
      hash.update(Float32Array.from(weight.dataSync<"float32">()));
    }
    digests.add(hash.digest("hex"));
  }
  assert.equal(digests.size, 1);
});
