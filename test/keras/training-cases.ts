/**
 * Options of training, in the names that this library and Keras share, for `training.test.ts`.
 */
import type { tf } from "../../src/engine";
import * as keras from "../../src/keras";

type Options = Readonly<Record<string, unknown>>;
type Named = readonly [name: string, options: Options];

/** A small network's training. */
export interface TrainingCase {
  readonly optimizer: string;
  readonly options: Options;
  /** Schedule of the learning rate. */
  readonly schedule?: Named;
  /** Regular expressions of weights without weight decay. */
  readonly excluded?: readonly string[];
  readonly loss: Named;
  /** Activation of the last layer. */
  readonly activation?: "softmax" | "sigmoid";
}

type Factory<Made> = (options: Options) => Made;

const { schedules, ...optimizers } = keras.optimizers;

/** Creates a schedule by its name. */
export const scheduleOf = ([name, options]: Named) =>
  (schedules as unknown as Record<string, Factory<keras.LearningRateSchedule>>)[
    name
  ]!(options);

/** Creates the optimizer of a case. */
export function optimizerOf(each: TrainingCase): tf.Optimizer {
  const { optimizer, options, schedule, excluded } = each;
  const factories = optimizers as unknown as Record<
    string,
    Factory<keras.KerasOptimizer>
  >;
  const made = factories[optimizer]!({
    ...options,
    ...(schedule && { learningRate: scheduleOf(schedule) }),
  });
  if (excluded) made.excludeFromWeightDecay({ varNames: excluded });
  return made;
}

/** Creates the loss of a case. */
export function lossOf({ loss: [name, options] }: TrainingCase) {
  if (name === "meanSquaredError") return name;
  const { losses } = keras;
  return (losses as unknown as Record<string, Factory<keras.Loss>>)[name]!(
    options,
  );
}

export const scheduleCases: Readonly<Record<string, Named>> = {
  "exponential decay": [
    "exponentialDecay",
    { initialLearningRate: 0.3, decaySteps: 7, decayRate: 0.8 },
  ],
  "exponential decay in stairs": [
    "exponentialDecay",
    {
      initialLearningRate: 0.3,
      decaySteps: 3,
      decayRate: 0.8,
      staircase: true,
    },
  ],
  "inverse time decay": [
    "inverseTimeDecay",
    { initialLearningRate: 0.3, decaySteps: 4, decayRate: 0.5 },
  ],
  "inverse time decay in stairs": [
    "inverseTimeDecay",
    {
      initialLearningRate: 0.3,
      decaySteps: 4,
      decayRate: 0.5,
      staircase: true,
    },
  ],
  "piecewise constant decay": [
    "piecewiseConstantDecay",
    { boundaries: [2, 5, 9], values: [0.3, 0.2, 0.1, 0.05] },
  ],
  "polynomial decay": [
    "polynomialDecay",
    {
      initialLearningRate: 0.3,
      decaySteps: 9,
      power: 2,
      endLearningRate: 0.01,
    },
  ],
  "polynomial decay in cycles": [
    "polynomialDecay",
    { initialLearningRate: 0.3, decaySteps: 4, power: 0.5, cycle: true },
  ],
  "cosine decay": [
    "cosineDecay",
    { initialLearningRate: 0.3, decaySteps: 10, alpha: 0.1 },
  ],
  "cosine decay after a warm-up": [
    "cosineDecay",
    {
      ...{ initialLearningRate: 0.01, decaySteps: 7, warmupTarget: 0.3 },
      warmupSteps: 4,
    },
  ],
  "cosine decay with restarts": [
    "cosineDecayRestarts",
    { initialLearningRate: 0.3, firstDecaySteps: 3, mMul: 0.8, alpha: 0.05 },
  ],
  "cosine decay with restarts after equal periods": [
    "cosineDecayRestarts",
    { initialLearningRate: 0.3, firstDecaySteps: 4, tMul: 1 },
  ],
  "cosine decay with restarts after longer periods": [
    "cosineDecayRestarts",
    { initialLearningRate: 0.3, firstDecaySteps: 5, tMul: 1.5 },
  ],
};

const squared: Named = ["meanSquaredError", {}];
const warm = scheduleCases["cosine decay after a warm-up"]!;

const ofOptimizers: Readonly<Record<string, TrainingCase>> = Object.fromEntries(
  [
    ["adadelta", { rho: 0.9, clipnorm: 0.05, weightDecay: 0.1 }],
    ["adagrad", { clipvalue: 0.05, weightDecay: 0.1 }],
    ["adam", { globalClipnorm: 0.1, weightDecay: 0.1 }],
    ["adamax", { clipnorm: 0.1, weightDecay: 0.1 }],
    ["adamW", { amsgrad: true, clipvalue: 0.05 }],
    ["nadam", { globalClipnorm: 0.1, weightDecay: 0.1 }],
    [
      "rmsprop",
      {
        centered: true,
        momentum: 0.5,
        epsilon: 1e-4,
        clipnorm: 0.1,
        weightDecay: 0.1,
      },
    ],
    [
      "sgd",
      { momentum: 0.9, nesterov: true, globalClipnorm: 0.1, weightDecay: 0.1 },
    ],
  ].map(([optimizer, options]) => [
    `${optimizer as string} with clipping, decay and a schedule`,
    {
      optimizer: optimizer as string,
      options: options as Options,
      schedule: warm,
      loss: squared,
    },
  ]),
);

const single = (optimizer: string, options: Options): TrainingCase => ({
  ...{ optimizer, options, loss: squared },
});

const ofLosses: Readonly<Record<string, TrainingCase>> = Object.fromEntries(
  (["categoricalCrossentropy", "binaryCrossentropy"] as const).flatMap((name) =>
    [false, true].flatMap((fromLogits) =>
      [0, 0.2].map((labelSmoothing) => [
        `${name} from ${fromLogits ? "logits" : "probabilities"}, label smoothing ${labelSmoothing}`,
        {
          ...single("sgd", { learningRate: 0.5 }),
          loss: [name, { fromLogits, labelSmoothing }] as Named,
          ...(!fromLogits && {
            activation:
              name === "binaryCrossentropy"
                ? ("sigmoid" as const)
                : ("softmax" as const),
          }),
        },
      ]),
    ),
  ),
);

export const trainingCases: Readonly<Record<string, TrainingCase>> = {
  clipnorm: single("sgd", { learningRate: 0.3, clipnorm: 0.05 }),
  clipvalue: single("sgd", { learningRate: 0.3, clipvalue: 0.01 }),
  globalClipnorm: single("sgd", { learningRate: 0.3, globalClipnorm: 0.1 }),
  "a limit that no gradient reaches": single("adam", { clipnorm: 1000 }),
  weightDecay: single("sgd", { learningRate: 0.3, weightDecay: 0.1 }),
  "AdamW with its defaults": single("adamW", {}),
  "adagrad with epsilon": single("adagrad", {
    learningRate: 0.1,
    epsilon: 0.1,
  }),
  "weights excluded from decay": {
    ...single("adam", { learningRate: 0.01, weightDecay: 0.5 }),
    excluded: ["bias", "^none$"],
  },
  ...ofOptimizers,
  ...Object.fromEntries(
    Object.entries(scheduleCases).map(([name, schedule]) => [
      name,
      { ...single("sgd", {}), schedule },
    ]),
  ),
  ...ofLosses,
  "everything at once": {
    optimizer: "adamW",
    options: { weightDecay: 0.05, globalClipnorm: 0.2 },
    schedule: scheduleCases["cosine decay with restarts"]!,
    excluded: ["bias"],
    loss: [
      "categoricalCrossentropy",
      { fromLogits: true, labelSmoothing: 0.1 },
    ],
  },
};
