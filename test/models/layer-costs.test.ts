/**
 * Costs of layers: exact values for lesson 2's model, compared with TensorFlow's profiler and with
 * a brute-force count.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { layerCosts } from "../../src/models/layer-costs";
import { errorWith } from "../error-with";
import { runKeras } from "../oracles/python";

const { conv2d, dense, dropout, flatten, maxPooling2d } = tf.layers;

function lessonTwo(): tf.Sequential {
  const conv = (filters: number, kernelSize: number) =>
    conv2d({ filters, kernelSize, padding: "same" });
  const pool = () => maxPooling2d({ poolSize: 2 });
  return tf.sequential({
    layers: [
      conv2d({
        filters: 64,
        kernelSize: 7,
        padding: "same",
        inputShape: [28, 28, 1],
      }),
      pool(),
      conv(128, 3),
      conv(128, 3),
      pool(),
      conv(256, 3),
      conv(256, 3),
      pool(),
      flatten(),
      dense({ units: 128 }),
      dropout({ rate: 0.5 }),
      dense({ units: 64 }),
      dropout({ rate: 0.5 }),
      dense({ units: 10 }),
    ],
  });
}

/** Counts the products of a convolution without padding one by one. */
function bruteForceProducts(
  [rows, columns, channels]: number[],
  filters: number,
  kernel: number,
  stride: number,
): number {
  let products = 0;
  for (let y = 0; y + kernel <= rows!; y += stride)
    for (let x = 0; x + kernel <= columns!; x += stride)
      for (let f = 0; f < filters; f++)
        for (let u = 0; u < kernel; u++)
          for (let v = 0; v < kernel; v++)
            for (let c = 0; c < channels!; c++) products++;
  return products;
}

describe("layerCosts", () => {
  test("lesson 2's model: values, parameters, products", () => {
    const costs = layerCosts(lessonTwo());
    assert.deepEqual(
      costs.map(({ name, values, parameters, multiplications }) => [
        name,
        values,
        parameters,
        multiplications,
      ]),
      [
        ["conv2d", 50_176, 3_200, 2_458_624],
        ["max_pooling2d", 12_544, 0, 0],
        ["conv2d_1", 25_088, 73_856, 14_450_688],
        ["conv2d_2", 25_088, 147_584, 28_901_376],
        ["max_pooling2d_1", 6_272, 0, 0],
        ["conv2d_3", 12_544, 295_168, 14_450_688],
        ["conv2d_4", 12_544, 590_080, 28_901_376],
        ["max_pooling2d_2", 2_304, 0, 0],
        ["flatten", 2_304, 0, 0],
        ["dense", 128, 295_040, 294_912],
        ["dropout", 128, 0, 0],
        ["dense_1", 64, 8_256, 8_192],
        ["dropout_1", 64, 0, 0],
        ["dense_2", 10, 650, 640],
      ],
    );
    assert.deepEqual(costs[0]!.outputShape, [28, 28, 64]);
  });

  test("agrees with a brute-force count", () => {
    for (const [shape, filters, kernel, stride] of [
      [[9, 7, 2], 3, 3, 1],
      [[9, 7, 2], 3, 3, 2],
      [[8, 8, 1], 4, 5, 3],
    ] as const) {
      const model = tf.sequential({
        layers: [
          conv2d({
            filters,
            kernelSize: kernel,
            strides: stride,
            inputShape: [...shape],
          }),
        ],
      });
      assert.equal(
        layerCosts(model)[0]!.multiplications,
        bruteForceProducts([...shape], filters, kernel, stride),
      );
    }
  });

  test("agrees with TensorFlow's profiler", async (context) => {
    const operations = await runKeras<Record<string, number>>(
      context,
      `
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
L = keras.layers
model = keras.Sequential([
    keras.Input((17, 23, 3)),
    L.Conv2D(8, 5, strides=2, padding="same"), L.MaxPooling2D(2),
    L.DepthwiseConv2D(3, depth_multiplier=2), L.Conv2D(4, (1, 3), padding="same"),
    L.Flatten(), L.Dense(6)])
call = tf.function(lambda x: model(x)).get_concrete_function(tf.TensorSpec((1, 17, 23, 3)))
graph = convert_variables_to_constants_v2(call).graph
profiler = tf.compat.v1.profiler
options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation()).with_empty_output().build()
with graph.as_default():
    found = profiler.profile(graph, options=options, cmd="op")
result = {}
def walk(node):
    result[node.name] = node.float_ops
    for child in node.children:
        walk(child)
walk(found)
`,
    );
    if (operations === undefined) return;
    const model = tf.sequential({
      layers: [
        conv2d({
          filters: 8,
          kernelSize: 5,
          strides: 2,
          padding: "same",
          inputShape: [17, 23, 3],
        }),
        maxPooling2d({ poolSize: 2 }),
        tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
        conv2d({ filters: 4, kernelSize: [1, 3], padding: "same" }),
        flatten(),
        dense({ units: 6 }),
      ],
    });
    const costs = layerCosts(model);
    const products = (type: string) =>
      costs
        .filter((cost) => cost.type === type)
        .reduce((sum, cost) => sum + cost.multiplications, 0);
    // The profiler counts a product and its addition as two operations.
    assert.equal(operations.Conv2D, 2 * products("Conv2D"));
    assert.equal(
      operations.DepthwiseConv2dNative,
      2 * products("DepthwiseConv2D"),
    );
    assert.equal(operations.MatMul, 2 * products("Dense"));
  });

  test("counts one product per value for batch normalization and none for addition in a functional model", () => {
    const input = tf.input({ shape: [6, 6, 4] });
    const normal = tf.layers.batchNormalization().apply(input);
    const output = tf.layers
      .add()
      .apply([input, normal as tf.SymbolicTensor]) as tf.SymbolicTensor;
    const costs = layerCosts(tf.model({ inputs: input, outputs: output }));
    assert.deepEqual(
      costs.map(({ type, multiplications, parameters }) => [
        type,
        multiplications,
        parameters,
      ]),
      [
        ["BatchNormalization", 144, 16],
        ["Add", 0, 0],
      ],
    );
  });

  test("rejects unsupported layers", () => {
    const shared = dense({ units: 4 });
    const input = tf.input({ shape: [4] });
    const once = shared.apply(input) as tf.SymbolicTensor;
    const twice = shared.apply(once) as tf.SymbolicTensor;
    assert.throws(
      () => layerCosts(tf.model({ inputs: input, outputs: twice })),
      errorWith("ERR_UNSUPPORTED", "used once", "dense", 2),
    );
    const open = tf.sequential({
      layers: [
        conv2d({ filters: 1, kernelSize: 3, inputShape: [null, null, 1] }),
      ],
    });
    assert.throws(
      () => layerCosts(open),
      errorWith("ERR_SHAPE", "known size", "conv2d", "(None, None, None, 1)"),
    );
    const recurrent = tf.sequential({
      layers: [tf.layers.lstm({ units: 2, inputShape: [3, 2] })],
    });
    assert.throws(
      () => layerCosts(recurrent),
      errorWith("ERR_UNSUPPORTED", "weights", "lstm (LSTM)"),
    );
  });
});
