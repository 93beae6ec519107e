/**
 * Tests the native updates of every optimizer against the published formula in float64, and against
 * the graph.
 *
 * The model is one dense layer with a mean squared error, trained on one batch, so that its
 * gradient is a few lines of code. Its 7 × 5 weights do not fill a whole number of vectors. Each
 * epsilon is large enough that its position in the formula matters. Errors are the largest error of
 * a weight, relative to the largest change of a weight since the start. Takes about ten seconds.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { compilation, setEngine, tf } from "../../../src/engine";
import { nativeAddon } from "../../../src/engine/native/addon";
import * as keras from "../../../src/keras";
import {
  limitedCases,
  optimizerCases,
  type OptimizerCase,
} from "./optimizer-cases";
import { unusual } from "./unusual-optimizers";

const { reason } = nativeAddon();
const skip = reason ?? false;

after(() => setEngine("on"));

const [samples, inputs, units] = [16, 7, 5];

/** Returns values from −1 to 1, the same for each call. */
const syntheticValues = (count: number, seed: number) =>
  Array.from({ length: count }, (_, index) =>
    Math.fround(Math.sin(seed + 7.3 * index + 0.37 * index * index)),
  );

const x = syntheticValues(samples * inputs, 1);
const targets = syntheticValues(samples * units, 2);
/** Initial weights of the layer, then its bias. */
const start = [
  ...syntheticValues(inputs * units, 3),
  ...syntheticValues(units, 4),
];

/** Returns the gradient of the mean squared error in float64. */
function gradientOf(weights: readonly number[]): number[] {
  const gradient = weights.map(() => 0);
  for (let sample = 0; sample < samples; sample += 1) {
    const row = [...x.slice(sample * inputs, (sample + 1) * inputs), 1];
    for (let unit = 0; unit < units; unit += 1) {
      const place = (input: number) => input * units + unit;
      const output = row.reduce(
        (sum, value, input) => sum + value * weights[place(input)]!,
        0,
      );
      const error = output - targets[sample * units + unit]!;
      for (const [input, value] of row.entries()) {
        gradient[place(input)]! += (2 * error * value) / (samples * units);
      }
    }
  }
  return gradient;
}

/** Returns the weights after steps with the given rates, computed by a formula in float64. */
function reference(
  formula: OptimizerCase["formula"],
  rates: readonly number[],
) {
  const rules = start.map(() => formula());
  let weights = start;
  for (const rate of rates) {
    const gradient = gradientOf(weights);
    weights = weights.map(
      (weight, index) => weight - rules[index]!(gradient[index]!, rate),
    );
  }
  return weights;
}

interface Trained {
  readonly weights: readonly number[];
  readonly native: number;
  readonly printed: string;
}

/**
 * Trains with one call of `fit` for each rate. The initial weights depend on the number of columns.
 */
async function train(
  state: "native" | "graph",
  make: (rate: number) => tf.Optimizer,
  fits: readonly { readonly rate: number; readonly steps: number }[],
  columns = units,
): Promise<Trained> {
  setEngine(state);
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: columns, inputShape: [inputs] })],
  });
  const isUsual = columns === units;
  const first = isUsual ? start : syntheticValues((inputs + 1) * columns, 3);
  const weights = [
    tf.tensor(first.slice(0, -columns), [inputs, columns]),
    tf.tensor(first.slice(-columns)),
  ];
  model.setWeights(weights);
  const wanted = isUsual ? targets : syntheticValues(samples * columns, 2);
  const optimizer = make(fits[0]!.rate);
  model.compile({ optimizer, loss: "meanSquaredError" });
  const data = [
    tf.tensor(x, [samples, inputs]),
    tf.tensor(wanted, [samples, columns]),
  ] as const;
  for (const { rate, steps } of fits) {
    setRate(optimizer, rate);
    await model.fit(...data, {
      ...{ batchSize: samples, epochs: steps, verbose: 0 },
      // Sums over the batch are then in a fixed order.
      shuffle: false,
    });
  }
  const trained = {
    weights: model.getWeights().flatMap((each) => [...each.dataSync()]),
    native: compilation(model).training.native,
    printed: String(compilation(model)),
  };
  model.dispose();
  optimizer.dispose();
  tf.dispose([...data, ...weights]);
  return trained;
}

/** Sets the learning rate as tfjs does, by the method if there is one. */
function setRate(optimizer: tf.Optimizer, rate: number): void {
  const settable = optimizer as unknown as {
    learningRate: number;
    setLearningRate?(rate: number): void;
  };
  if (settable.setLearningRate) settable.setLearningRate(rate);
  else settable.learningRate = rate;
}

/** Returns the largest error, relative to the largest change since the start. */
function distance(
  weights: readonly number[],
  expected: readonly number[],
  from: readonly number[] = start,
): number {
  const largest = (values: readonly number[]) =>
    Math.max(...values.map((value) => Math.abs(value)));
  const errors = expected.map((weight, index) => weight - weights[index]!);
  const changes = expected.map((weight, index) => weight - from[index]!);
  return largest(errors) / largest(changes);
}

const ratesOf = (fits: readonly { rate: number; steps: number }[]) =>
  fits.flatMap(({ rate, steps }) => Array.from({ length: steps }, () => rate));

describe("a native update", { skip }, () => {
  for (const { name, make, rate, formula, otherFormula } of optimizerCases) {
    test(`${name}: one step`, async (context) => {
      // The first steps of an optimizer may be recorded, so steps are added until one is native.
      let steps = 0;
      let native: Trained;
      do {
        steps += 1;
        native = await train("native", make, [{ rate, steps }]);
      } while (native.native === 0 && steps < 5);
      assert.equal(native.native, 1);
      const fits = [{ rate, steps }];
      const graph = await train("graph", make, fits);
      const expected = reference(formula, ratesOf(fits));
      const errors = {
        ours: distance(native.weights, expected),
        graph: distance(graph.weights, expected),
        apart: distance(native.weights, graph.weights),
        // The error of a step that changes nothing.
        withoutStep: distance(
          reference(formula, ratesOf([{ rate, steps: steps - 1 }])),
          expected,
        ),
      };
      context.diagnostic(JSON.stringify({ steps, ...errors }));
      assert.ok(errors.ours < 2e-5, JSON.stringify(errors));
      assert.ok(errors.apart < 2e-5, JSON.stringify(errors));
      assert.ok(errors.withoutStep > 0.1, JSON.stringify(errors));
    });

    test(`${name}: 20 steps, the rate halved between two fits`, async (context) => {
      const fits = [
        { rate, steps: 12 },
        { rate: rate / 2, steps: 8 },
      ];
      const native = await train("native", make, fits);
      const graph = await train("graph", make, fits);
      assert.equal(graph.native, 0);
      // A rate that is part of the recording requires a new one when it changes.
      assert.ok(native.native >= 16, `${native.native} steps were native`);
      const expected = reference(formula, ratesOf(fits));
      const errors = {
        ours: distance(native.weights, expected),
        graph: distance(graph.weights, expected),
        apart: distance(native.weights, graph.weights),
        ofOtherFormula: distance(
          reference(otherFormula, ratesOf(fits)),
          expected,
        ),
      };
      context.diagnostic(JSON.stringify({ native: native.native, ...errors }));
      assert.ok(errors.ours < 2e-5, JSON.stringify(errors));
      assert.ok(errors.apart < 2e-5, JSON.stringify(errors));
      // The test must be able to distinguish the forms.
      assert.ok(errors.ofOtherFormula > 5e-4, JSON.stringify(errors));
    });

    test(`${name}: its state is kept between two fits`, async () => {
      const once = await train("native", make, [{ rate, steps: 20 }]);
      const twice = await train("native", make, [
        { rate, steps: 11 },
        { rate, steps: 9 },
      ]);
      assert.deepEqual(twice.weights, once.weights);
      assert.equal(twice.native, once.native);
    });
  }

  for (const { name, make, rate } of [...optimizerCases, ...limitedCases]) {
    // With this many weights, some gradients are so small that tfjs's form gives NaN.
    if (name === "centered RMSProp") continue;
    test(`${name}: the same bits on 1, 2 and 4 threads`, async () => {
      const before = process.env["CONVNOTES_THREADS"];
      const all: (readonly number[])[] = [];
      try {
        for (const threads of ["1", "2", "4"]) {
          process.env["CONVNOTES_THREADS"] = threads;
          const fits = [{ rate, steps: 8 }];
          all.push((await train("native", make, fits, 150)).weights);
        }
      } finally {
        if (before === undefined) delete process.env["CONVNOTES_THREADS"];
        else process.env["CONVNOTES_THREADS"] = before;
      }
      assert.ok(all[0]!.every(Number.isFinite));
      assert.deepEqual(all[1], all[0]);
      assert.deepEqual(all[2], all[0]);
    });
  }

  for (const [name, make] of Object.entries(unusual)) {
    test(`${name}: equals the graph`, async () => {
      const fits = [{ rate: 0.02, steps: 12 }];
      const native = await train("native", make, fits);
      const graph = await train("graph", make, fits);
      assert.ok(native.native >= 9, `${native.native} steps were native`);
      const apart = distance(native.weights, graph.weights);
      assert.ok(apart < 2e-6, `weights differ by ${apart}`);
    });
  }

  test("of several functions is one instruction per weight", async () => {
    setEngine("native");
    const { printed } = await train("native", () => keras.rmsprop(), [
      { rate: 0.01, steps: 4 },
    ]);
    assert.equal(printed.match(/ formula\(/g)?.length, 2, printed);
    // The step count, which all weights share.
    assert.equal(printed.match(/ sharedBinary\(/g)?.length, 1, printed);
  });

  for (const { name, make, rate } of limitedCases) {
    test(`${name}: does not store the squares`, async () => {
      const { printed } = await train("native", make, [{ rate, steps: 4 }]);
      assert.equal(printed.match(/ formula\(/g)?.length, 2, printed);
      // The number of weights, and 1 for values that are squared.
      const sums = [...printed.matchAll(/ sharedSum\(.*\) \[(.*)\]/g)];
      assert.deepEqual(
        sums.map(([, integers]) => integers),
        [`${inputs * units} 1`, `${units} 1`],
        printed,
      );
      // Other instructions are on single numbers.
      const binary = [...printed.matchAll(/ sharedBinary\(.*\) \[\d+ (\d+)/g)];
      assert.ok(binary.length > 0);
      for (const [text, size] of binary) assert.equal(size, "1", text);
    });
  }

  test("every optimizer of the course is tested", () => {
    const made = optimizerCases.map(({ make }) => {
      const optimizer = make(0.1);
      const { name } = optimizer.constructor;
      optimizer.dispose();
      return name;
    });
    const some = [
      ...[keras.adadelta, keras.adagrad, keras.adam, keras.adamax],
      ...[keras.nadam, keras.rmsprop, keras.sgd],
      ...[tf.train.adadelta, tf.train.adam, tf.train.adamax],
      ...[() => tf.train.adagrad(1), () => tf.train.rmsprop(1)],
      ...[() => tf.train.sgd(1), () => tf.train.momentum(1, 0.5)],
    ];
    for (const each of some) {
      const optimizer = each();
      assert.ok(made.includes(optimizer.constructor.name));
      optimizer.dispose();
    }
  });
});
