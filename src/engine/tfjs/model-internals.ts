/**
 * Members of tfjs's `LayersModel` that the engine wraps or reads and that its types do not declare.
 */
import { tf } from "./library";

type LossOrMetric = (labels: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;

/**
 * A step as tfjs defines it: takes inputs, labels and sample weights; returns loss and metrics as
 * scalars.
 */
export type TfjsStep = (data: tf.Tensor[]) => tf.Scalar[];

/** The internals of a `LayersModel`. */
export interface ModelInternals {
  readonly inputs: readonly tf.SymbolicTensor[];
  readonly outputs: tf.SymbolicTensor[];
  readonly layers: readonly tf.layers.Layer[];
  readonly metricsNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Undefined until the model is compiled, as `loss` and `metrics`. */
  readonly optimizer?: tf.Optimizer;
  readonly loss?: unknown;
  readonly metrics?: unknown;
  readonly optimizer_: tf.Optimizer;
  readonly lossFunctions: readonly LossOrMetric[];
  readonly metricsTensors: readonly unknown[];
  readonly collectedTrainableWeights: readonly {
    readonly trainable: boolean;
  }[];
  history: tf.History;
  stopTraining_: boolean;
  testFunction: TfjsStep;
  dispose(): { readonly refCountAfterDispose: number };
  makeTrainFunction(): TfjsStep;
  makeTestFunction(): void;
  predictLoop(
    inputs: tf.Tensor | tf.Tensor[],
    batchSize?: number,
    verbose?: boolean,
  ): tf.Tensor | tf.Tensor[];
  testLoop(
    step: TfjsStep,
    data: (tf.Tensor | null)[],
    batchSize?: number,
    verbose?: number,
    steps?: number,
  ): tf.Scalar[];
  fitLoop(
    step: TfjsStep,
    data: (tf.Tensor | null)[],
    labels: string[],
    batchSize?: number,
    epochs?: number,
    verbose?: number,
    callbacks?: tf.Callback[],
    validationStep?: TfjsStep | null,
    validationData?: (tf.Tensor | null)[],
    shuffle?: boolean | string,
    callbackMetrics?: string[],
    initialEpoch?: number,
    stepsPerEpoch?: number | null,
    validationSteps?: number | null,
  ): Promise<tf.History>;
}

/** The prototype of all models, whose methods are wrapped. */
export const modelPrototype = modelInternals(tf.LayersModel.prototype);

/** Returns the internals of a model. */
export function modelInternals(model: tf.LayersModel): ModelInternals {
  return model as unknown as ModelInternals;
}

/**
 * Returns the internals of the model that runs the steps: a sequential model delegates to a
 * functional model, which it creates when it is compiled.
 */
export function innermostModel(
  model: tf.LayersModel | ModelInternals,
): ModelInternals {
  const { model: within } = model as { model?: ModelInternals };
  return within ?? (model as ModelInternals);
}
