/**
 * Tests which features of tfjs run natively: small models with one feature each are trained,
 * evaluated and used, and must have the graph's values up to rounding. Also tests the reasons of
 * features that are known to run as graphs.
 *
 * Takes about half a minute. The largest difference seen is 8e-7 of the largest value.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { keras } from "../../../src";
import {
  compilation,
  setEngine,
  tf,
  type EngineState,
  type StepCompilation,
} from "../../../src/engine";
import { nativeAddon } from "../../../src/engine/native/addon";
import { setSeed } from "../../../src/training/seed";
import { branchCases } from "./coverage-branches";
import {
  chain,
  classNumbers,
  classVectors,
  compileWith,
  convolution,
  drawWeights,
  images,
  type ModelCase,
} from "./coverage-case";
import { layerCases } from "./coverage-layers";
import { trainingCases } from "./coverage-training";

const { reason } = nativeAddon();
const skip = reason ?? false;

/** Largest difference that counts as rounding, relative to the largest magnitude. */
const rounding = 5e-6;

const batchSize = 5;
const epochs = 2;
/** How often the model is evaluated, used for prediction, and trained on single batches. */
const times = 3;

const activities = ["training", "evaluation", "prediction"] as const;
type Activity = (typeof activities)[number];

/** Results of a model, and how its steps ran. */
interface Use {
  readonly numbers: Readonly<Record<string, Float32Array>>;
  readonly steps: Readonly<Record<Activity, StepCompilation>>;
}

/** Returns the values of one or several tensors in one array. */
const flat = (tensors: tf.Tensor | readonly tf.Tensor[]) =>
  tf.tidy(() =>
    tf
      .concat([tensors].flat().map((each) => each.toFloat().flatten()))
      .dataSync<"float32">(),
  );

/** Trains, evaluates and predicts, in batches and with all samples at once. */
async function use(each: ModelCase, state: EngineState): Promise<Use> {
  setEngine(state);
  setSeed(1);
  const { samples = 20, compile = defaults } = each;
  const model = each.build();
  drawWeights(model);
  compile(model);
  const x = each.inputs?.(samples) ?? [images(samples)];
  const y = each.labels?.(samples) ?? [classNumbers(samples)];
  const settings = { batchSize, epochs, verbose: 0, shuffle: false } as const;
  const { history } = await model.fit(x, y, { ...settings, ...each.fit });
  let evaluated: tf.Tensor | tf.Tensor[] = [];
  let predicted: tf.Tensor | tf.Tensor[] = [];
  for (let time = 0; time < times; time += 1) await model.trainOnBatch(x, y);
  // The graph's values are needed only once.
  for (let time = 0; time < (state === "graph" ? 1 : times); time += 1) {
    evaluated = model.evaluate(x, y, { batchSize });
    tf.dispose(model.predict(x, { batchSize }));
    predicted = model.predict(x);
  }
  const steps = compilation(model);
  const numbers = {
    losses: Float32Array.from(history["loss"] as number[]),
    evaluation: flat(evaluated),
    outputs: flat(predicted),
    weights: flat(model.getWeights()),
  };
  model.dispose();
  tf.dispose([x, y, evaluated, predicted] as tf.TensorContainer);
  return { numbers, steps };
}

const defaults = compileWith("sparseCategoricalCrossentropy", ["accuracy"]);

/**
 * Returns how many steps run if all are native, or if all are graphs: the first of each size is
 * then recorded.
 */
function expectedSteps(
  { samples = 20 }: ModelCase,
  way: "native" | "graph",
): Record<Activity, number> {
  const batches = Math.ceil(samples / batchSize);
  const sizes = samples % batchSize === 0 ? 1 : 2;
  const recorded = way === "native" ? 0 : 1;
  // Without `batchSize`, `predict` takes 32 samples at a time.
  const defaultBatches = Math.ceil(samples / 32);
  return {
    training: batches * epochs - sizes * recorded + times - recorded,
    evaluation: batches * times - sizes * recorded,
    prediction:
      batches * times - sizes * recorded + defaultBatches * times - recorded,
  };
}

/** Returns the largest difference of two lists, relative to the largest magnitude. */
function distance(ours: Float32Array, graph: Float32Array): number {
  assert.equal(ours.length, graph.length);
  let apart = 0;
  let largest = 0;
  for (const [index, value] of graph.entries()) {
    assert.ok(Number.isFinite(value), `number ${index} is ${value}`);
    apart = Math.max(apart, Math.abs(value - ours[index]!));
    largest = Math.max(largest, Math.abs(value));
  }
  return apart / largest;
}

function assertSameValues(native: Use, graph: Use): void {
  for (const [name, numbers] of Object.entries(graph.numbers)) {
    const apart = distance(native.numbers[name]!, numbers);
    assert.ok(apart < rounding, `${name} differ by ${apart}`);
  }
}

const { layers } = tf;

/** Models with steps that run as graphs: which of their activities do, and why. */
const graphs: readonly (readonly [
  each: ModelCase,
  activities: readonly Activity[],
  reason: string,
])[] = [
  [
    chain("noise", () => [
      convolution(),
      layers.gaussianNoise({ stddev: 0.1 }),
    ]),
    ["training"],
    "unsupported operation StatelessRandomNormal",
  ],
  [
    chain("noise that multiplies", () => [
      convolution(),
      layers.gaussianDropout({ rate: 0.1 }),
    ]),
    ["training"],
    "unsupported operation StatelessRandomNormal",
  ],
  [
    chain("alpha dropout", () => [
      convolution(),
      layers.alphaDropout({ rate: 0.1 }),
    ]),
    ["training"],
    "JavaScript numbers change from step to step",
  ],
  [
    chain("layer normalization", () => [
      layers.flatten(),
      layers.dense({ units: 7 }),
      layers.layerNormalization(),
    ]),
    ["training"],
    "samples are sliced (Slice)",
  ],
  [
    chain("up-sampling", () => [
      layers.upSampling2d({ size: [2, 2] }),
      convolution(),
    ]),
    activities,
    "unsupported operation ResizeNearestNeighbor",
  ],
  [
    chain("a layer at each time", () => [
      layers.reshape({ targetShape: [9, 24] }),
      layers.timeDistributed({ layer: layers.dense({ units: 3 }) }),
    ]),
    activities,
    "samples are not the first axis (Transpose)",
  ],
  [
    chain("a recurrent layer", () => [
      layers.reshape({ targetShape: [9, 24] }),
      layers.lstm({ units: 4 }),
    ]),
    activities,
    "Sum of weights along some axes",
  ],
  [
    chain(
      "loss keras.hinge",
      () => [convolution()],
      {
        compile: compileWith(keras.hinge),
        labels: (samples) => [classVectors(samples)],
      },
      "linear",
    ),
    ["training", "evaluation"],
    "unsupported operation All",
  ],
];

// Silences warnings about tfjs's differences from Keras.
let restore: () => void;
before(() => {
  const { warn } = console;
  console.warn = () => undefined;
  restore = () => (console.warn = warn);
});
after(() => {
  restore();
  setEngine("on");
});

describe("trained, evaluated and used natively", { skip }, () => {
  for (const each of [...layerCases, ...branchCases, ...trainingCases]) {
    test(each.name, async () => {
      const graph = await use(each, "graph");
      const native = await use(each, "on");
      const expected = expectedSteps(each, "native");
      for (const activity of activities) {
        const steps = native.steps[activity];
        assert.deepEqual(
          [...steps.nativeObstacles, ...steps.reasons],
          [],
          activity,
        );
        assert.equal(steps.native, expected[activity], activity);
        assert.equal(steps.graph, 0, activity);
      }
      assertSameValues(native, graph);
    });
  }
});

describe("run as a graph, with the reason", { skip }, () => {
  for (const [each, those, reason] of graphs) {
    test(`${each.name}: ${reason}`, async () => {
      const { steps } = await use(each, "on");
      for (const activity of activities) {
        const { native, graph, nativeObstacles } = steps[activity];
        const isGraph = those.includes(activity);
        const expected = expectedSteps(each, isGraph ? "graph" : "native");
        assert.deepEqual(nativeObstacles, isGraph ? [reason] : [], activity);
        assert.equal(isGraph ? graph : native, expected[activity], activity);
        assert.equal(isGraph ? native : graph, 0, activity);
      }
    });
  }
});
