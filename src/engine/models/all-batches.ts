/**
 * Evaluates and predicts all data of a call in batches.
 */
import type { CompiledStep } from "../functions/compiled-step";
import { tf } from "../tfjs/library";
import { joinedRows } from "./joined-rows";
import type { ModelSteps } from "./model-steps";
import { batchRows, batchScalars, inOrder, runBatches } from "./run-batches";

/** Returns the means of loss and metrics over the data, weighted by the sizes of the batches. */
export function testInBatches(
  step: CompiledStep,
  data: readonly (tf.Tensor | null)[],
  samples: number,
  batchSize: number,
): number[] {
  const totals: number[] = [];
  let begin = 0;
  const results = runBatches(
    batchScalars,
    () => step,
    (indices) => [indices, ...data],
    inOrder(samples, batchSize),
  );
  for (const values of results) {
    const size = Math.min(batchSize, samples - begin);
    begin += size;
    for (const [index, value] of values.entries()) {
      totals[index] = (totals[index] ?? 0) + value * size;
    }
  }
  // tfjs returns these as float32 scalars, and `evaluate`, which takes them from here, does as
  // well.
  return totals.map((total) => Math.fround(total / samples));
}

/** Returns the predictions for the data, a tensor for each output. */
export function predictInBatches(
  steps: ModelSteps,
  data: tf.Tensor[],
  samples: number,
  batchSize: number,
): tf.Tensor | tf.Tensor[] {
  const outputs = tf.tidy(() => {
    if (samples <= batchSize) return steps.predict.tensors(data);
    const parts = [
      ...runBatches(
        batchRows,
        () => steps.predictGathered,
        (indices) => [indices, ...data],
        inOrder(samples, batchSize),
      ),
    ];
    return parts[0]!.map((_, output) =>
      joinedRows(parts.map((part) => part[output]!)),
    );
  });
  return outputs.length === 1 ? outputs[0]! : outputs;
}
