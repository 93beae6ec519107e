/**
 * Tests that several threads divide the large convolutions of a single sample, with the values of
 * tfjs and the same bits on any number of threads. Takes about two seconds.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setEngine, tf } from "../../../src/engine";
import { stepsOf } from "../../../src/engine/models/install";
import { nativeAddon } from "../../../src/engine/native/addon";

const { addon, reason } = nativeAddon();
const { layers } = tf;
const variables = ["CONVNOTES_THREADS", "CONVNOTES_VECTORS"] as const;
const before = variables.map((name) => process.env[name]);

after(() => {
  setEngine("on");
  variables.forEach((name, index) => {
    const value = before[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  });
});

type Convolution = Parameters<typeof layers.conv2d>[0];

/** Convolutions of more than 10 million products, some of them too small to be divided. */
const networks: Readonly<
  Record<string, readonly [shape: number[], ...convolutions: Convolution[]]>
> = {
  "with padding, an odd height, and a kernel of 1 × 1": [
    [37, 35, 3],
    { filters: 96, kernelSize: 3, padding: "same" },
    { filters: 128, kernelSize: 3, padding: "same", activation: "relu" },
    { filters: 32, kernelSize: 1 },
    { filters: 2, kernelSize: 2 },
  ],
  "without padding, with strides": [
    [67, 40, 8],
    { filters: 64, kernelSize: 5, activation: "relu" },
    { filters: 64, kernelSize: [3, 5], strides: [3, 1], activation: "relu" },
    { filters: 17, kernelSize: 3, strides: 2, padding: "same" },
  ],
  "with fewer rows than threads": [
    [3, 90, 64],
    { filters: 128, kernelSize: 3, activation: "relu" },
    { filters: 512, kernelSize: [1, 7], padding: "same" },
  ],
};

function build(
  [inputShape, ...convolutions]: readonly [number[], ...Convolution[]],
  isPooled: boolean,
): tf.Sequential {
  const model = tf.sequential();
  convolutions.forEach((options, seed) => {
    const kernelInitializer = tf.initializers.glorotUniform({ seed });
    const input = seed === 0 ? { inputShape } : {};
    model.add(layers.conv2d({ kernelInitializer, ...options, ...input }));
    if (isPooled && seed === 0) model.add(layers.maxPooling2d({ poolSize: 2 }));
  });
  model.add(layers.flatten());
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

/** Returns predictions of all samples after the call that packs the weights. */
function predictions(
  model: tf.LayersModel,
  x: tf.Tensor,
  batchSize = 32,
): Float32Array {
  tf.dispose(model.predict(x, { batchSize }));
  const found = model.predict(x, { batchSize }) as tf.Tensor;
  return found.dataSync<"float32">();
}

function assertClose(
  found: Float32Array,
  expected: Float32Array,
  where: string,
): void {
  assert.equal(found.length, expected.length);
  for (const [index, value] of expected.entries())
    assert.ok(
      Math.abs(found[index]! - value) < 2e-5,
      `${where}, value ${index}: ${found[index]} for ${value}`,
    );
}

describe("a single sample", { skip: reason ?? false }, () => {
  for (const [title, network] of Object.entries(networks)) {
    for (const isPooled of network[0][0]! > 3 ? [false, true] : [false]) {
      test(`${title}${isPooled ? ", pooled" : ""}`, () => {
        const x = tf.randomUniform([1, ...network[0]], 0, 1, "float32", 5);
        setEngine("off");
        const expected = predictions(build(network, isPooled), x);
        for (const width of addon!.widths()) {
          process.env["CONVNOTES_VECTORS"] = width;
          const bits = [1, 2, 3, 4].map((threads) => {
            process.env["CONVNOTES_THREADS"] = String(threads);
            setEngine("native");
            const model = build(network, isPooled);
            const found = predictions(model, x);
            assert.match(
              stepsOf(model)!.predict.print().join("\n"),
              / convolution\(/,
            );
            assertClose(found, expected, `${width}, ${threads} threads`);
            return found.join();
          });
          assert.equal(new Set(bits).size, 1, width);
        }
      });
    }
  }

  test("is the rest of several batches, whose memory is for groups of samples", () => {
    const network = [
      [48, 48, 3],
      { filters: 32, kernelSize: 5, padding: "same" },
      { filters: 144, kernelSize: 3, strides: 2 },
    ] as const;
    const shape = [...network[0]];
    const make = () => build([shape, ...network.slice(1)] as never, true);
    const x = tf.randomUniform([5, ...shape], 0, 1, "float32", 5);
    setEngine("off");
    const expected = predictions(make(), x, 4);
    setEngine("native");
    for (const width of addon!.widths()) {
      process.env["CONVNOTES_VECTORS"] = width;
      for (const threads of [2, 4]) {
        process.env["CONVNOTES_THREADS"] = String(threads);
        for (const batchSize of [4, 1]) {
          const found = predictions(make(), x, batchSize);
          assertClose(found, expected, `${width}, batches of ${batchSize}`);
        }
      }
    }
  });
});
