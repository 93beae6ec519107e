/**
 * Tests the engine's kernels and gradients: where they are installed, and that they compute the
 * same values as tfjs's.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setEngine, tf } from "../../src/engine";
import { gradientImprovements } from "../../src/engine/operations/gradients";
import { kernelImprovements } from "../../src/engine/operations/kernels";
import { assertClose, withEngine } from "./models";

describe("registrations", () => {
  test("every kernel and gradient is replaced when on, and restored when off", () => {
    const registered = () => [
      ...Object.keys(kernelImprovements).map(
        (name) => tf.getKernel(name, "tensorflow").kernelFunc as unknown,
      ),
      ...Object.keys(gradientImprovements).map(
        (name) => tf.getGradient(name).gradFunc as unknown,
      ),
    ];
    setEngine("off");
    const off = registered();
    setEngine("on");
    const on = registered();
    assert.equal(on.length, 7);
    for (const [index, each] of on.entries()) {
      assert.notEqual(each, off[index], `registration ${index}`);
    }
    setEngine("off");
    assert.deepEqual(registered(), off);
    setEngine("on");
  });
});

/** Returns value and gradients of a function, as numbers. */
function valueAndGradients(
  run: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
): number[] {
  return tf.tidy(() => {
    const weighted = (...given: tf.Tensor[]) => {
      const value = run(...given);
      const weights = tf.linspace(-1, 1, value.size).reshape(value.shape);
      return tf.sum(tf.mul(value, weights));
    };
    const { value, grads } = tf.valueAndGrads(weighted)([...inputs]);
    return [value, run(...inputs), ...grads].flatMap((each) =>
      Array.from(each.dataSync()),
    );
  });
}

const random = (...shape: number[]) =>
  tf.randomNormal(shape, 0, 1, "float32", 11);

describe("values", () => {
  const cases: Record<
    string,
    [run: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]]
  > = {
    relu: [(x) => tf.relu(x), [random(5, 7)]],
    "relu at zero": [(x) => tf.relu(x), [tf.tensor1d([-1, -0, 0, 1])]],
    relu6: [(x) => tf.relu6(tf.mul(x, 5)), [random(5, 7)]],
    "relu6 at its kinks": [(x) => tf.relu6(x), [tf.tensor1d([0, 6, 7])]],
    sigmoid: [(x) => tf.sigmoid(x), [random(5, 7)]],
    tanh: [(x) => tf.tanh(x), [random(5, 7)]],
    "bias of a matrix": [(x, b) => tf.add(x, b), [random(5, 7), random(7)]],
    "bias of images": [(x, b) => tf.add(x, b), [random(2, 3, 3, 4), random(4)]],
    "addition with broadcasting": [
      (x, b) => tf.add(x, b),
      [random(5, 7), random(5, 1)],
    ],
    "addition of a vector to a vector": [
      (x, b) => tf.add(x, b),
      [random(7), random(7)],
    ],
    "addition of a vector to a column": [
      (x, b) => tf.add(x, b),
      [random(5, 1), random(7)],
    ],
    "a bias, an addition of another kind, a bias": [
      (x, b) => tf.add(tf.add(tf.add(x, b), tf.sum(x, 1, true)), b),
      [random(5, 7), random(7)],
    ],
    "addition of one number": [
      (x, b) => tf.add(x, b),
      [random(5, 7), random(1)],
    ],
    "product of matrices": [
      (a, b) => tf.matMul(a, b),
      [random(5, 7), random(7, 3)],
    ],
    "product of transposed matrices": [
      (a, b) => tf.matMul(a, b, true, true),
      [random(7, 5), random(3, 7)],
    ],
    "product with a single row": [
      (a, b) => tf.matMul(a, b),
      [random(1, 600), random(600, 3)],
    ],
    "empty products": [
      (a, b) => tf.matMul(a, b),
      [tf.zeros([2, 0]), tf.zeros([0, 3])],
    ],
    "a bias of the largest rank": [
      (x, b) => tf.add(x, b),
      [random(2, 1, 2, 1, 3), random(3)],
    ],
    "batches of products": [
      (a, b) => tf.matMul(a, b, false, true),
      [random(4, 5, 7), random(4, 3, 7)],
    ],
    "sum over all but the last axis": [
      (x) => tf.sum(x, [0, 1]),
      [random(3, 4, 5)],
    ],
    "sum over the last axis": [(x) => tf.sum(x, -1), [random(3, 4, 5)]],
    "sum that keeps its dimensions": [
      (x) => tf.sum(x, 0, true),
      [random(3, 4)],
    ],
    "gather along an axis": [
      (x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32"), 1),
      [random(3, 4)],
    ],
  };
  for (const [name, [run, inputs]] of Object.entries(cases)) {
    test(name, async () => {
      const on = valueAndGradients(run, inputs);
      const off = await withEngine("off", () => valueAndGradients(run, inputs));
      assertClose(on, off, 2e-6);
    });
  }

  test("types other than float32 are left to tfjs", async () => {
    const whole = tf.tensor2d([1, 2, 3, 4], [2, 2], "int32");
    const sums = () => [
      ...tf.add(whole, tf.tensor1d([1, 2], "int32")).dataSync(),
      ...tf.sum(whole, 0).dataSync(),
    ];
    assert.deepEqual(sums(), [2, 4, 4, 6, 4, 6]);
    assert.deepEqual(await withEngine("off", sums), [2, 4, 4, 6, 4, 6]);
  });

  test("adding empty tensors: the same shapes and gradients", async () => {
    const run = () =>
      [
        [0, 7],
        [7, 0],
      ].map((shape) => {
        const bias = random(shape[1]!);
        const add = (b: tf.Tensor) => tf.add(tf.zeros(shape), b);
        const gradient = tf.grad(add)(bias);
        return [add(bias).shape, Array.from(gradient.dataSync())];
      });
    const expected = [
      [
        [0, 7],
        [0, 0, 0, 0, 0, 0, 0],
      ],
      [[7, 0], []],
    ];
    assert.deepEqual(run(), expected);
    assert.deepEqual(await withEngine("off", run), expected);
  });

  test("an index out of range is rejected; outside of a step as in tfjs", () => {
    assert.throws(
      () => tf.gather(random(3, 4), tf.tensor1d([3], "int32")),
      /GatherV2: the index value 3 is not in \[0, 2\]/,
    );
  });
});

test("the gradient of a bias does not keep the tensor that the bias was added to", async () => {
  const buffersKept = async (engine: "on" | "off") => {
    let kept = 0;
    await withEngine(engine, () => {
      tf.tidy(() => {
        const bias = tf.variable(random(7));
        const loss = () => {
          const before = tf.memory().numDataBuffers;
          const layer = tf.tidy(() =>
            tf.relu(tf.add(tf.matMul(random(5, 3), random(3, 7)), bias)),
          );
          kept = tf.memory().numDataBuffers - before;
          return tf.sum<tf.Scalar>(layer);
        };
        tf.variableGrads(loss, [bias]);
        bias.dispose();
      });
    });
    return kept;
  };
  const withEngineOn = await buffersKept("on");
  assert.ok(withEngineOn < (await buffersKept("off")));
});

describe("long sums", () => {
  /** The largest error of each column's sum, relative to the sum of its absolute values. */
  function errorOf(sums: tf.Tensor, summed: tf.Tensor): number {
    const channels = summed.shape.at(-1)!;
    const exact = new Float64Array(channels);
    const sizes = new Float64Array(channels);
    for (const [index, value] of summed.dataSync<"float32">().entries()) {
      exact[index % channels]! += value;
      sizes[index % channels]! += Math.abs(value);
    }
    const errors = Array.from(
      sums.dataSync<"float32">(),
      (sum, channel) => Math.abs(sum - exact[channel]!) / sizes[channel]!,
    );
    return Math.max(...errors);
  }

  /**
   * Returns the errors of the sum over all axes but the last, and of the gradient of a bias with
   * output gradient `x`.
   */
  function errors(x: tf.Tensor): { sum: number; gradient: number } {
    return tf.tidy(() => {
      const axes = x.shape.slice(0, -1).map((_, axis) => axis);
      const zeros = tf.zeros(x.shape);
      const add = (bias: tf.Tensor) => tf.add(zeros, bias);
      const gradient = tf.grad(add)(tf.zeros([x.shape.at(-1)!]), x);
      return {
        sum: errorOf(tf.sum(x, axes), x),
        gradient: errorOf(gradient, x),
      };
    });
  }

  const shapes = [
    [10_000, 1],
    [300_000, 1],
    [10_000, 2],
    [10_000, 3],
    [10_000, 16],
    [4096, 32],
    [20_000, 64],
    [64, 100, 33],
    [32, 28, 28, 8],
    [64, 8, 8, 256],
  ];
  for (const shape of shapes) {
    test(`${shape.join(" × ")}: as accurate as in plain tfjs`, async () => {
      for (const x of [tf.fill(shape, 0.1), tf.add(100, random(...shape))]) {
        const on = errors(x);
        const off = await withEngine("off", () => errors(x));
        assert.ok(on.sum <= off.sum, `sum: ${on.sum}, plain ${off.sum}`);
        assert.ok(
          on.gradient <= off.gradient,
          `gradient of a bias: ${on.gradient}, plain ${off.gradient}`,
        );
      }
    });
  }

  const products = [
    [1, 10_000, 1],
    [1, 1000, 64],
    [64, 10_000, 1],
    [64, 1000, 10],
    [8, 100_000, 4],
  ] as const;
  for (const [rows, terms, columns] of products) {
    test(`products of ${rows} × ${terms} and ${terms} × ${columns}: as accurate as in plain tfjs`, async () => {
      for (const [turned, otherTurned] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ]) {
        const a = tf.fill(turned ? [terms, rows] : [rows, terms], 0.5);
        const b = tf.fill(
          otherTurned ? [columns, terms] : [terms, columns],
          0.2,
        );
        const exact = terms * 0.5 * Math.fround(0.2);
        const error = () =>
          tf.tidy(() => {
            const product = tf.matMul(a, b, turned, otherTurned);
            return Math.max(
              ...Array.from(product.dataSync(), (value) =>
                Math.abs(value / exact - 1),
              ),
            );
          });
        const on = error();
        const off = await withEngine("off", error);
        assert.ok(on <= Math.max(off, 2e-6), `${on}, plain ${off}`);
      }
    });
  }
});
