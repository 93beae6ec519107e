/**
 * Callbacks that set the learning rate, and early stopping: their decisions are Keras's, and
 * compiled steps follow them without being compiled again.
 */
import assert from "node:assert/strict";
import { after, describe, test, type TestContext } from "node:test";
import { compilation, setEngine, tf, type EngineState } from "../../src/engine";
import { stepsOf } from "../../src/engine/models/install";
import { nativeAddon } from "../../src/engine/native/addon";
import { isEngineOn } from "../../src/engine/switch";
import * as keras from "../../src/keras";
import {
  EarlyStopping,
  type EarlyStoppingOptions,
} from "../../src/training/early-stopping";
import { fit } from "../../src/training/fit";
import { errorWith } from "../error-with";
import { runKeras } from "../oracles/python";
import { distance, flat, numbers, tensor } from "./row";

const { reason } = nativeAddon();
const before = isEngineOn() ? "on" : "off";
after(() => setEngine(before));

function network(optimizer: tf.Optimizer = keras.sgd({ learningRate: 1 })) {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [3] })],
  });
  model.setWeights([tensor([3, 2], 1), tensor([2], 2)]);
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

/** Values of a curve that improves, stays and becomes worse, with values that occur again. */
const curves = [0, 1, 2, 3].map((seed) =>
  numbers(40, seed).map((value, epoch) =>
    Math.fround(Math.round(10 * (value + 4 / (epoch + 2))) / 10),
  ),
);

type Callback = readonly [name: string, options: object];

interface Monitored {
  readonly callback: Callback;
  /** Index of the curve. */
  readonly curve: number;
}

/** Each combination of options with each curve. */
function combinations(
  name: string,
  base: object,
  choices: Readonly<Record<string, readonly unknown[]>>,
): Monitored[] {
  let all: object[] = [base];
  for (const [option, values] of Object.entries(choices)) {
    all = all.flatMap((given) =>
      values.map((value) => ({ ...given, [option]: value })),
    );
  }
  return all.flatMap((options) =>
    curves.map((_, curve) => ({ callback: [name, options] as const, curve })),
  );
}

const plateaus = combinations(
  "reduceLROnPlateau",
  { factor: 0.5 },
  {
    patience: [0, 1, 3],
    mode: ["auto", "max"],
    minDelta: [0.0001, 0.2],
    cooldown: [0, 2],
    minLr: [0, 0.2],
  },
);
const stops = combinations(
  "earlyStopping",
  { restoreBestWeights: true },
  {
    patience: [1, 4],
    mode: ["auto", "max"],
    minDelta: [0, 0.2],
    baseline: [undefined, 0.3],
    startFromEpoch: [0, 5],
  },
);

/** As `monitored` of the oracle. */
async function plateau({ callback, curve }: Monitored) {
  const [, options] = callback;
  const values = curves[curve]!;
  const made = keras.callbacks.reduceLROnPlateau(options);
  const model = network();
  made.setModel(model);
  await made.onTrainBegin();
  const found: number[] = [];
  for (const [epoch, value] of values.entries()) {
    await made.onEpochEnd(epoch, { val_loss: value });
    found.push((model.optimizer as keras.KerasOptimizer).learningRate);
  }
  return [...found, values.length, 0];
}

function stopped({ callback, curve }: Monitored) {
  const [, options] = callback;
  const values = curves[curve]!;
  const made = new EarlyStopping(network(), options as EarlyStoppingOptions);
  const last = values.findIndex((value, index) =>
    made.isDone(index + 1, { val_loss: value }),
  );
  const epochs = last === -1 ? values.length : last + 1;
  const restored = made.restore() ?? 0;
  made.dispose();
  return [...Array.from({ length: epochs }, () => 1), epochs, restored];
}

let answers: Promise<number[][] | undefined> | undefined;

/** Computes Keras's decisions, once for both tests: those of `plateaus`, then those of `stops`. */
function decisions(context: TestContext) {
  answers ??= runKeras<number[][]>(
    context,
    `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, given["scripts"])
from training_oracle import answers
result = answers(given)`,
    { scripts: __dirname, monitored: [...plateaus, ...stops], curves },
  );
  return answers;
}

describe("decisions are Keras's", () => {
  test(`reduceLROnPlateau, for ${plateaus.length} combinations`, async (context) => {
    const all = await decisions(context);
    if (all === undefined) return context.skip("needs .venv");
    await areEqual(plateaus, plateau, all.slice(0, plateaus.length));
    return undefined;
  });

  test(`early stopping, for ${stops.length} combinations`, async (context) => {
    const all = await decisions(context);
    if (all === undefined) return context.skip("needs .venv");
    await areEqual(stops, stopped, all.slice(plateaus.length));
    return undefined;
  });
});

async function areEqual(
  cases: readonly Monitored[],
  decide: (each: Monitored) => number[] | Promise<number[]>,
  reference: readonly (readonly number[])[],
) {
  for (const [index, each] of cases.entries()) {
    const theirs = reference[index]!;
    const ours = await decide(each);
    const text = `${JSON.stringify(each)}: ${ours.join()}; Keras: ${theirs.join()}`;
    assert.ok(distance(ours, theirs) < 1e-6, text);
  }
  // The combinations lead to different decisions.
  const distinct = new Set(reference.map((each) => each.join())).size;
  assert.ok(distinct > 10, `${distinct} different ones`);
}

const x = tensor([24, 3], 5);
const y = tensor([24, 2], 6);
const rates = [0.1, 0.05, 0.02, 0.2, 0.01, 0];
const run = { batchSize: 8, epochs: rates.length, verbose: 0, shuffle: false };

const settable = {
  "keras.sgd": () => keras.sgd({ learningRate: 1 }),
  "keras.adam": () => keras.adam({ learningRate: 1, clipnorm: 0.1 }),
  "tf.train.sgd": () => tf.train.sgd(1),
  "tf.train.momentum": () => tf.train.momentum(1, 0.9),
  "tf.train.adam": () => tf.train.adam(1),
  "keras.adagrad": () => keras.adagrad({ learningRate: 1 }),
};

describe("learningRateScheduler in compiled steps", () => {
  for (const [name, make] of Object.entries(settable)) {
    test(`sets the rate of ${name}`, async () => {
      const trained: Record<string, number[]> = {};
      const states = reason === undefined ? ["native"] : [];
      for (const state of [...states, "graph", "off"] as EngineState[]) {
        setEngine(state);
        const model = network(make());
        const weights: number[] = [];
        const seen: number[] = [];
        const { history } = await model.fit(x, y, {
          ...run,
          callbacks: [
            keras.callbacks.learningRateScheduler((epoch, rate) => {
              seen.push(rate);
              return rates[epoch]!;
            }),
            new tf.CustomCallback({
              onEpochEnd: async () =>
                void weights.push(...flat(model.getWeights())),
            }),
          ],
        });
        assert.deepEqual(seen, [1, ...rates.slice(0, -1)]);
        assert.deepEqual(history["learning_rate"], rates);
        trained[state] = weights;
        // With a rate of 0, nothing changes.
        assert.deepEqual(weights.slice(-8), weights.slice(-16, -8));
        const { native, graph } = compilation(model).training;
        if (state === "native") assert.ok(native >= 17, `${native}`);
        if (state === "graph") assert.ok(graph >= 16, `${graph}`);
        if (state === "off") continue;
        assert.equal(stepsOf(model)!.trainGathered.counts.programs, 1);
      }
      for (const weights of Object.values(trained)) {
        assert.ok(distance(weights, trained["off"]!) < 1e-5);
      }
    });
  }
});

describe("callbacks of fit", () => {
  const quiet = { batchSize: 8, epochs: 6, progress: false, seed: 1 } as const;

  test("set the rate, and their curve is in the history", async () => {
    setEngine("on");
    const model = network(keras.sgd({ learningRate: 0.1 }));
    const values: Readonly<Record<string, number>>[] = [];
    const history = await fit(model, x, y, {
      ...quiet,
      validationData: [x, y],
      callbacks: [
        keras.callbacks.learningRateScheduler((epoch) => 0.1 / (epoch + 1)),
        { onEpochBegin: async (epoch: number) => void values.push({ epoch }) },
      ],
      onEpochEnd: (_, each) => void values.push(each),
    });
    assert.deepEqual(Object.keys(history.curves), [
      ...["loss", "val_loss", "learning_rate"],
    ]);
    const expected = history.epochs.map((epoch) => 0.1 / epoch);
    assert.deepEqual(history.curve("learning_rate"), expected);
    assert.equal(values.length, 12);
    assert.equal(values.at(-1)!["learning_rate"], 0.1 / 6);
  });

  test("reduce the rate on a plateau", async () => {
    const history = await fit(network(), x, y, {
      ...quiet,
      callbacks: [
        keras.callbacks.reduceLROnPlateau({
          ...{ monitor: "loss", patience: 2, minDelta: 1e6, factor: 0.5 },
        }),
      ],
    });
    assert.deepEqual(history.curve("learning_rate"), [1, 1, 1, 0.5, 0.5, 0.25]);
  });

  test("end the run with one error", async () => {
    const { learningRateScheduler, reduceLROnPlateau } = keras.callbacks;
    const { exponentialDecay } = keras.optimizers.schedules;
    const learningRate = exponentialDecay({
      ...{ initialLearningRate: 1, decaySteps: 1, decayRate: 1 },
    });
    const failing = (callback: tf.CustomCallback, optimizer?: tf.Optimizer) =>
      fit(network(optimizer), x, y, { ...quiet, callbacks: [callback] });
    await assert.rejects(
      failing(learningRateScheduler(() => -1)),
      errorWith("ERR_INVALID_VALUE", "at least 0", "received -1"),
    );
    await assert.rejects(
      failing(learningRateScheduler(() => "0.1" as unknown as number)),
      errorWith("ERR_INVALID_VALUE", "a number", "received 0.1"),
    );
    await assert.rejects(
      failing(
        learningRateScheduler(() => 1),
        keras.adam({ learningRate }),
      ),
      errorWith("ERR_INVALID_STATE", "schedule", "KerasExponentialDecay"),
    );
    await assert.rejects(
      failing(reduceLROnPlateau()),
      errorWith("ERR_UNKNOWN_NAME", "monitor", "loss", '"val_loss"'),
    );
  });
});
