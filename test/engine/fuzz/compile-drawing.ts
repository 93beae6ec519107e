/**
 * Draws how a model is compiled: all ten kinds of optimizers, losses and metrics that fit its
 * outputs, some of them custom.
 */
import type { Random } from "../../../src/data/synthetic/random";
import { lossKinds, metricKinds, ownOptimizerKinds } from "./own-code";
import type { CompilePlan, ModelPlan, OptimizerPlan, OutputKind } from "./plan";

const optimizers: readonly OptimizerPlan[] = [
  { kind: "sgd", parameters: [0.02] },
  { kind: "momentum", parameters: [0.01, 0.8] },
  { kind: "momentum", parameters: [0.01, 0.8, true] },
  { kind: "adam", parameters: [0.01, 0.9, 0.99, 1e-4] },
  { kind: "adamax", parameters: [0.01, 0.9, 0.99, 1e-4, 0.01] },
  { kind: "adagrad", parameters: [0.02, 0.1] },
  { kind: "adadelta", parameters: [0.5, 0.9, 1e-3] },
  { kind: "rmsprop", parameters: [0.005, 0.9, 0, 1e-3] },
  { kind: "rmsprop", parameters: [0.005, 0.9, 0.5, 1e-3] },
  // √(s − m² − ε): with an ε above 0 it is NaN where a gradient is 0, and near that, rounding
  // decides.
  { kind: "rmsprop", parameters: [0.002, 0.9, 0.2, -1e-3, true] },
];

const stockLosses: Readonly<Record<OutputKind, readonly string[]>> = {
  linear: [
    "meanSquaredError",
    "meanSquaredError",
    "meanAbsoluteError",
    "logcosh",
    "hinge",
    "squaredHinge",
    "cosineProximity",
  ],
  softmax: [
    "categoricalCrossentropy",
    "sparseCategoricalCrossentropy",
    "kullbackLeiblerDivergence",
    "categoricalHinge",
  ],
  sigmoid: ["binaryCrossentropy", "meanSquaredError", "poisson"],
};

const stockMetrics: Readonly<Record<OutputKind, readonly string[]>> = {
  linear: ["mse", "mae", "cosine"],
  softmax: ["accuracy", "mse"],
  sigmoid: ["accuracy", "binaryAccuracy", "mae"],
};

/** Draws how a model is compiled. */
export function drawCompile(
  random: Random,
  { outputKinds }: ModelPlan,
  own: boolean,
): CompilePlan {
  const drawn = random.pick(optimizers);
  const optimizer =
    own && random.chance(0.25)
      ? { ...drawn, own: random.pick(ownOptimizerKinds) }
      : drawn;
  const hasOwnLoss = own && random.chance(0.4);
  const losses = outputKinds.map((kind) =>
    hasOwnLoss
      ? `own:${random.pick(lossKinds)}`
      : random.pick(stockLosses[kind]),
  );
  const sparse = losses.includes("sparseCategoricalCrossentropy");
  const metrics = random.chance(0.5)
    ? []
    : own && random.chance(0.5)
      ? [`own:${random.pick(metricKinds)}`]
      : sparse || outputKinds.length > 1
        ? ["accuracy"]
        : [random.pick(stockMetrics[outputKinds[0]!])];
  return { optimizer, losses, metrics };
}
