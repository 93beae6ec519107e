/**
 * Members of tfjs's `LayersModel` that the engine wraps or reads and that are not public in its types.
 *
 * All in one place, so that it is known what a new version of tfjs has to be checked for.
 */
import type { tf } from "../tfjs/library";

type LossOrMetric = (labels: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;

/** Step as tfjs makes it: inputs, labels and weights of samples in; loss and metrics, as scalars, out. */
export type TfjsStep = (data: tf.Tensor[]) => tf.Scalar[];

/** A `LayersModel` from inside. */
export interface ModelInsides {
  readonly inputs: readonly tf.SymbolicTensor[];
  readonly outputs: tf.SymbolicTensor[];
  readonly layers: readonly tf.layers.Layer[];
  readonly metricsNames: readonly string[];
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
