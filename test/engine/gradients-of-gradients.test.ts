/**
 * Tests gradients of gradients, against values computed by hand and against plain tfjs.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine";
import { assertClose, states, withEngine } from "./models";

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync<"float32">());

const random = (shape: number[], seed: number) =>
  tf.randomNormal(shape, 0, 1, "float32", seed);

/** Asserts that a computation returns the same with the engine on as in plain tfjs. */
async function assertSame(
  run: () => readonly number[] | Promise<readonly number[]>,
  tolerance = 1e-5,
): Promise<void> {
  const on = await withEngine("on", run);
  const off = await withEngine("off", run);
  assert.ok(off.some((value) => value !== 0));
  assertClose(on, off, tolerance);
}

describe("by hand", () => {
  // y = w2 · relu(w1 · x); (dy/dx)² = (w1 w2)² where w1 x > 0, whose derivative by w2 is 2 w1² w2.
  const x = tf.tensor2d([[1]]);
  const squaredSlope = (w1: tf.Tensor, w2: tf.Tensor) =>
    tf.sum(
      tf.square(
        tf.grad((input: tf.Tensor) =>
          tf.sum(tf.matMul(tf.relu(tf.matMul(input, w1)), w2)),
        )(x),
      ),
    );
  // Two rows: 2 b³, whose derivative is 6 b²; squared 36 b⁴, whose derivative is 144 b³.
  const squaredSlopeOfBias = (b: tf.Tensor) =>
    tf.sum(
      tf.square(
        tf.grad((given: tf.Tensor) =>
          tf.sum(tf.pow(tf.add(tf.zeros([2, 1]), given), 3)),
        )(b),
      ),
    );
  for (const state of states) {
    test(`relu, engine ${state}`, () =>
      withEngine(state, () => {
        const weights = [tf.tensor2d([[3]]), tf.tensor2d([[2]])];
        const slopes = tf.grads(squaredSlope)(weights);
        assert.deepEqual(slopes.map(numbers), [[24], [36]]);
        const negative = [tf.tensor2d([[-3]]), tf.tensor2d([[2]])];
        const none = tf.grads(squaredSlope)(negative).flatMap(numbers);
        assert.ok(none.every((slope) => slope === 0));
      }));

    test(`relu twice by its input is 0, engine ${state}`, () =>
      withEngine(state, () => {
        const slope = tf.grad((value: tf.Tensor) => tf.relu(value));
        const second = tf.grad(slope)(tf.tensor1d([-1, 2]));
        assert.deepEqual(numbers(second), [0, 0]);
      }));

    test(`a bias, engine ${state}`, () =>
      withEngine(state, () => {
        const slope = tf.grad(squaredSlopeOfBias)(tf.tensor1d([1]));
        assert.deepEqual(numbers(slope), [144]);
      }));

    test(`both kernels of a critic under a penalty, engine ${state}`, () =>
      withEngine(state, () => {
        // D(x) = w2 · relu(w1 · x) with w1 = w2 = 1 in two units: the slope is 2 and its square 4,
        // whose derivative by each weight is 2 · 2 · 1 = 4.
        const [w1, w2] = [tf.ones([1, 2]), tf.ones([2, 1])];
        const slopes = tf.grads(squaredSlope)([w1, w2]);
        assert.deepEqual(slopes.map(numbers), [
          [4, 4],
          [4, 4],
        ]);
      }));

    test(`the second derivative of relu6, for which tfjs has no gradient, engine ${state}`, () =>
      withEngine(state, () => {
        const slope = tf.grad((value: tf.Tensor) => tf.relu6(value));
        assert.throws(
          () => tf.grad(slope)(tf.scalar(1)),
          /gradient function not found for LessEqual/,
        );
      }));

    test(`relu6 at its two kinks, engine ${state}`, () =>
      withEngine(state, () => {
        // tfjs includes 6 in the slope, TensorFlow's own operation does not.
        const slope = tf.grad((value: tf.Tensor) => tf.relu6(value));
        assert.deepEqual(
          numbers(slope(tf.tensor1d([-1, 0, 3, 6, 7]))),
          [0, 0, 1, 1, 0],
        );
      }));
  }
});

describe("compared with plain tfjs", () => {
  const activations = {
    relu: tf.relu,
    sigmoid: tf.sigmoid,
    tanh: tf.tanh,
  } as Record<string, (x: tf.Tensor) => tf.Tensor>;
  for (const [name, activation] of Object.entries(activations)) {
    test(`a gradient penalty on a critic with ${name} and biases`, () =>
      assertSame(() =>
        tf.tidy(() => {
          const x = random([6, 4], 1);
          const critic = (...[w1, b, w2]: tf.Tensor[]) => {
            const score = (input: tf.Tensor) =>
              tf.matMul<tf.Tensor2D>(
                activation(tf.add(tf.matMul(input, w1!), b!)),
                w2!,
              );
            const slope = tf.grad((input: tf.Tensor) => tf.sum(score(input)))(
              x,
            );
            const norm = tf.sqrt(tf.sum(tf.square(slope), 1));
            const penalty = tf.mean(tf.square(tf.sub(norm, 1)));
            return tf.add(tf.mean(score(x)), tf.mul(penalty, 10));
          };
          const weights = [
            random([4, 8], 2),
            random([8], 3),
            random([8, 1], 4),
          ];
          return tf.grads(critic)(weights).flatMap(numbers);
        }),
      ));
  }

  test("a gradient penalty on a critic with batch normalization, all its weights", () =>
    assertSame(async () => {
      const critic = tf.sequential({
        layers: [
          tf.layers.conv2d({
            filters: 4,
            kernelSize: 3,
            inputShape: [6, 6, 2],
            kernelInitializer: tf.initializers.randomNormal({ seed: 1 }),
          }),
          tf.layers.batchNormalization({
            gammaInitializer: tf.initializers.randomUniform({
              minval: 0.5,
              maxval: 2,
              seed: 2,
            }),
            betaInitializer: tf.initializers.randomNormal({ seed: 3 }),
          }),
          tf.layers.activation({ activation: "relu" }),
          tf.layers.flatten(),
          tf.layers.dense({
            units: 1,
            kernelInitializer: tf.initializers.randomNormal({ seed: 4 }),
          }),
        ],
      });
      const x = random([5, 6, 6, 2], 5);
      const score = (input: tf.Tensor) =>
        critic.apply(input, { training: true }) as tf.Tensor;
      const { value, grads } = tf.variableGrads(() => {
        const slope = tf.grad((input: tf.Tensor) =>
          tf.sum(tf.square(score(input))),
        )(x);
        return tf.add<tf.Scalar>(tf.mean(score(x)), tf.mean(tf.square(slope)));
      });
      const found = Object.values(grads).flatMap(numbers);
      assert.equal(Object.keys(grads).length, 6);
      return [...numbers(value), ...found];
    }, 1e-4));

  test("a third derivative through batch normalization", () =>
    assertSame(() =>
      tf.tidy(() => {
        const layer = tf.layers.batchNormalization();
        const x = random([3, 2, 2, 2], 1);
        const cube = (input: tf.Tensor) =>
          tf.sum(
            tf.pow(layer.apply(input, { training: true }) as tf.Tensor, 3),
          );
        const slope = (run: (input: tf.Tensor) => tf.Tensor) =>
          tf.grad((input: tf.Tensor) => tf.sum(tf.square(run(input))));
        const third = slope(slope(tf.grad(cube)))(x);
        return numbers(tf.div(third, 10_000));
      }),
    ));

  test("a step of MAML on a small net with relu", () =>
    assertSame(() =>
      tf.tidy(() => {
        const [x, y] = [random([8, 2], 1), random([8, 1], 2)];
        const loss = (...[w1, b1, w2, b2]: tf.Tensor[]) => {
          const hidden = tf.relu(tf.add(tf.matMul(x, w1!), b1!));
          const output = tf.add(tf.matMul(hidden, w2!), b2!);
          return tf.mean(tf.square(tf.sub(output, y)));
        };
        const afterInnerStep = (...weights: tf.Tensor[]) => {
          const slopes = tf.grads(loss)(weights);
          return loss(
            ...weights.map((weight, index) =>
              tf.sub(weight, tf.mul(slopes[index]!, 0.1)),
            ),
          );
        };
        const weights = [[2, 6], [6], [6, 1], [1]].map((shape, index) =>
          random(shape, index + 3),
        );
        return tf.grads(afterInnerStep)(weights).flatMap(numbers);
      }),
    ));

  test("the product of logistic regression's Hessian with a vector", () =>
    assertSame(() =>
      tf.tidy(() => {
        const [x, direction] = [random([8, 3], 1), random([3, 1], 2)];
        const y = tf.cast(tf.greater(random([8, 1], 3), 0), "float32");
        const loss = (w: tf.Tensor) =>
          tf.losses.sigmoidCrossEntropy(y, tf.matMul(x, w));
        const along = (w: tf.Tensor) =>
          tf.sum(tf.mul(tf.grad(loss)(w), direction));
        return numbers(tf.grad(along)(random([3, 1], 4)));
      }),
    ));

  test("a gradient penalty in the loss of a compiled model", () =>
    assertSame(async () => {
      const hidden = tf.layers.dense({
        units: 6,
        activation: "relu",
        inputShape: [3],
        kernelInitializer: tf.initializers.randomNormal({ seed: 1 }),
      });
      const last = tf.layers.dense({
        units: 1,
        kernelInitializer: tf.initializers.randomNormal({ seed: 2 }),
      });
      const model = tf.sequential({ layers: [hidden, last] });
      const x = random([4, 3], 3);
      const score = (input: tf.Tensor) =>
        last.apply(hidden.apply(input)) as tf.Tensor;
      model.compile({
        optimizer: tf.train.sgd(0.05),
        loss: (y, output) => {
          const slope = tf.grad((input: tf.Tensor) => tf.sum(score(input)))(x);
          return tf.add<tf.Scalar>(
            tf.mean(tf.square(tf.sub(y, output))),
            tf.mean(tf.square(slope)),
          );
        },
      });
      const { history } = await model.fit(x, random([4, 1], 4), {
        epochs: 8,
        verbose: 0,
        shuffle: false,
      });
      return [
        ...(history["loss"] as number[]),
        ...model.getWeights().flatMap(numbers),
      ];
    }));
});
