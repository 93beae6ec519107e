/**
 * Training with learning rate schedules, gradient clipping, weight decay and label smoothing: the
 * weights are Keras's after each epoch, with native steps, graphs and plain TensorFlow.js.
 *
 * Distances are relative to the largest change of a weight. Takes about half a minute.
 */
import assert from "node:assert/strict";
import { after, describe, test, type TestContext } from "node:test";
import { compilation, setEngine, tf, type EngineState } from "../../src/engine";
import { nativeAddon } from "../../src/engine/native/addon";
import { isEngineOn } from "../../src/engine/switch";
import { runKeras } from "../oracles/python";
import { distance, flat, forPython, rounding, tensor } from "./row";
import {
  lossOf,
  optimizerOf,
  scheduleCases,
  scheduleOf,
  trainingCases,
  type TrainingCase,
} from "./training-cases";

const [batchSize, epochs, samples] = [8, 5, 24];
const steps = (epochs * samples) / batchSize;
const x = tensor([samples, 7], 1);
const y = tf.oneHot(
  tf.range(0, samples, 1, "int32").mod(tf.scalar(3, "int32")),
  3,
);
const start = [[7, 5], [5], [5, 3], [3]].map((shape, index) =>
  tensor(shape, index + 2, 0.5),
);

/** Steps for which the rates of schedules are compared. */
const rateSteps = 200;

interface Answers {
  readonly weights: Readonly<Record<string, number[]>>;
  readonly rates: Readonly<Record<string, number[]>>;
}

let answers: Promise<Answers | undefined> | undefined;

/** Computes Keras's values, once for all tests. */
function keras(context: TestContext) {
  answers ??= runKeras<Answers>(
    context,
    `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, given["scripts"])
from training_oracle import answers
result = answers(given)`,
    {
      scripts: __dirname,
      cases: trainingCases,
      data: {
        ...{ batchSize, epochs },
        ...{ x: forPython(x), y: forPython(y), weights: start.map(forPython) },
      },
      schedules: Object.fromEntries(
        Object.entries(scheduleCases).map(([name, schedule]) => [
          name,
          { schedule, steps: rateSteps },
        ]),
      ),
    },
  );
  return answers;
}

/** Trains in a state of the engine. Returns the changes of the weights after each epoch. */
async function train(state: EngineState, each: TrainingCase) {
  setEngine(state);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: "tanh", inputShape: [7] }),
      tf.layers.dense({
        units: 3,
        ...(each.activation && { activation: each.activation }),
      }),
    ],
  });
  model.setWeights(start);
  model.compile({ optimizer: optimizerOf(each), loss: lossOf(each) });
  const weights: number[] = [];
  await model.fit(x, y, {
    ...{ batchSize, epochs, verbose: 0, shuffle: false },
    callbacks: {
      onEpochEnd: async () => void weights.push(...flat(model.getWeights())),
    },
  });
  return { changes: changesOf(weights), model };
}

const first = flat(start);
const changesOf = (weights: readonly number[]) =>
  weights.map((value, index) => value - first[index % first.length]!);

const { reason } = nativeAddon();
const before = isEngineOn() ? "on" : "off";
after(() => setEngine(before));

describe("trained weights are Keras's", () => {
  for (const [name, each] of Object.entries(trainingCases)) {
    test(name, async (context) => {
      const all = await keras(context);
      if (all === undefined) return context.skip("needs .venv");
      const reference = changesOf(all.weights[name]!);
      const states = reason === undefined ? ["native"] : [];
      for (const state of [...states, "graph", "off"] as EngineState[]) {
        const { changes, model } = await train(state, each);
        const error = distance(changes, reference);
        context.diagnostic(`${state}: ${error.toExponential(1)}`);
        assert.ok(error < 10 * rounding, `${state} is ${error} from Keras`);
        const { native, graph, nativeObstacles } = compilation(model).training;
        // The first step creates the optimizer's variables, and may be recorded.
        if (state === "native") assert.ok(native >= steps - 1, `${native}`);
        if (state === "graph") assert.ok(graph >= steps - 2, `${graph}`);
        assert.deepEqual(nativeObstacles, []);
      }
      return undefined;
    });
  }
});

describe("rates of schedules are Keras's", () => {
  for (const [name, schedule] of Object.entries(scheduleCases)) {
    test(name, async (context) => {
      const reference = (await keras(context))?.rates[name];
      if (reference === undefined) return context.skip("needs .venv");
      const made = scheduleOf(schedule);
      const rates = reference.map((_, step) => made.valueAt(step));
      const error = distance(rates, reference);
      context.diagnostic(error.toExponential(1));
      assert.ok(error < 10 * rounding, `${error} from Keras`);
      return undefined;
    });
  }
});
