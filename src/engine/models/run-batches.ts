/**
 * Runs a sequence of batches through a compiled step, several per run if they are short.
 */
import type { CompiledStep } from "../functions/compiled-step";
import type { ScalarOutputs, StepInputs } from "../functions/step-definition";
import { tf } from "../tfjs/library";

/** The batches to run. */
interface BatchPlan {
  /** Indices of the samples, batch after batch. */
  readonly order: Int32Array;
  readonly batchSize: number;
  /** Number of whole batches that may run together; 1 if a callback observes each batch. */
  readonly inARow: number;
  /** Number of batches of this kind that will follow these. */
  readonly later: number;
}

/** How one batch and several batches at once are run. */
interface BatchRun<Result> {
  one(step: CompiledStep, inputs: StepInputs): Result;
  several(step: CompiledStep, inputs: readonly StepInputs[]): Result[];
}

/** Returns the scalar outputs of each batch. */
export const batchScalars: BatchRun<ScalarOutputs> = {
  one: (step, inputs) => step.scalars(inputs),
  several: (step, inputs) => step.scalarsOfSeveral(inputs),
};

/** Returns tensors with a row per sample, of one batch or of several. */
export const batchRows: BatchRun<tf.Tensor[]> = {
  one: (step, inputs) => step.tensors(inputs),
  several: (step, inputs) => [step.rowsOfSeveral(inputs)],
};

/**
 * Yields the outputs of the batches in order; those of one TensorFlow run are yielded together.
 *
 * A batch is run when the outputs of its run are requested. `step` and `inputsOf` are called each
 * time, because the model may be recompiled in between. The tensors that `inputsOf` creates from
 * the indices are disposed of here. Throws the errors of the step.
 */
export function* runsOfBatches<Result extends ScalarOutputs | tf.Tensor[]>(
  { one, several }: BatchRun<Result>,
  step: () => CompiledStep,
  inputsOf: (indices: tf.Tensor1D) => StepInputs,
  plan: BatchPlan,
): Generator<Result[], void, undefined> {
  const { order, batchSize, inARow, later } = plan;
  let begin = 0;
  const nextInputs = () => {
    const indices = order.slice(begin, begin + batchSize);
    begin += batchSize;
    return inputsOf(tf.tensor1d(indices, "int32"));
  };
  const nextResults = (): Result[] => {
    const samples = order.length - begin;
    const left = Math.floor(samples / batchSize);
    const now = Math.min(left, inARow);
    const runsSingly = inARow === 1;
    const withRest = runsSingly ? 1 : Math.ceil(samples / batchSize);
    const inputs = [nextInputs()];
    const ahead = runsSingly ? 1 : left + later;
    const upcoming = { now, withRest, ahead, inARow };
    const count = step().stepsAtOnce(inputs[0]!, upcoming);
    if (count === 1) return [one(step(), inputs[0]!)];
    while (inputs.length < count) inputs.push(nextInputs());
    return several(step(), inputs);
  };
  while (begin < order.length) {
    yield tf.tidy<Result[]>(nextResults);
  }
}

/** Yields the outputs of the batches in order, as {@link runsOfBatches}, but one by one. */
export function* runBatches<Result extends ScalarOutputs | tf.Tensor[]>(
  ...plan: Parameters<typeof runsOfBatches<Result>>
): Generator<Result, void, undefined> {
  for (const results of runsOfBatches(...plan)) yield* results;
}

/** Plans batches of samples in their original order. */
export function inOrder(samples: number, batchSize: number): BatchPlan {
  return {
    order: Int32Array.from({ length: samples }, (_, index) => index),
    batchSize,
    inARow: Math.floor(samples / batchSize),
    later: 0,
  };
}
