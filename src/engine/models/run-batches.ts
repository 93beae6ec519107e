/**
 * Batch after batch through a compiled step, several in one run where they are short.
 */
import type { CompiledStep } from "../functions/compiled-step";
import type { Numbers, StepInputs } from "../functions/step-definition";
import { tf } from "../tfjs/library";

/** The batches that are asked for. */
export interface BatchPlan {
  /** Numbers of the samples, batch after batch. */
  readonly order: Int32Array;
  readonly batchSize: number;
  /** Whole batches that may be run together; 1 if somebody looks at each. */
  readonly inARow: number;
  /** Batches of this kind that will follow when these are done. */
  readonly later: number;
}

/** What is wanted of the batches, of one and of several at once. */
export interface BatchRun<Result> {
  one(step: CompiledStep, inputs: StepInputs): Result;
  several(step: CompiledStep, inputs: readonly StepInputs[]): Result[];
}

/** The numbers of each batch. */
export const batchNumbers: BatchRun<Numbers> = {
  one: (step, inputs) => step.numbers(inputs),
  several: (step, inputs) => step.numbersOfSeveral(inputs),
};

/** Tensors with a row for each sample, of one batch or of several. */
export const batchRows: BatchRun<tf.Tensor[]> = {
  one: (step, inputs) => step.tensors(inputs),
  several: (step, inputs) => [step.rowsOfSeveral(inputs)],
};

/**
 * Gives the outputs of the batches in order, those of one run of TensorFlow together.
 *
 * A batch is run when the outputs of its run are asked for. `step` and `inputsOf` are asked each time, as the model may be compiled again in
 * between; what `inputsOf` makes of the samples' numbers is disposed of here. Throws what the step throws.
 */
export function* runsOfBatches<Result extends Numbers | tf.Tensor[]>(
  { one, several }: BatchRun<Result>,
  step: () => CompiledStep,
  inputsOf: (numbers: tf.Tensor1D) => StepInputs,
  plan: BatchPlan,
): Generator<Result[], void, undefined> {
  const { order, batchSize, inARow, later } = plan;
  let begin = 0;
  const nextInputs = () => {
    const numbers = order.slice(begin, begin + batchSize);
    begin += batchSize;
    return inputsOf(tf.tensor1d(numbers, "int32"));
  };
  const nextResults = (): Result[] => {
    const samples = order.length - begin;
    const left = Math.floor(samples / batchSize);
    const now = Math.min(left, inARow);
    const isLooked = inARow === 1;
    const withRest = isLooked ? 1 : Math.ceil(samples / batchSize);
    const inputs = [nextInputs()];
    const ahead = isLooked ? 1 : left + later;
    const toCome = { now, withRest, ahead, inARow };
    const count = step().stepsAtOnce(inputs[0]!, toCome);
    if (count === 1) return [one(step(), inputs[0]!)];
    while (inputs.length < count) inputs.push(nextInputs());
    return several(step(), inputs);
  };
  while (begin < order.length) {
    yield tf.tidy(nextResults as () => tf.TensorContainer) as Result[];
  }
}

/** Gives the outputs of the batches in order, as {@link runsOfBatches} does, one after the other. */
export function* runBatches<Result extends Numbers | tf.Tensor[]>(
  ...plan: Parameters<typeof runsOfBatches<Result>>
): Generator<Result, void, undefined> {
  for (const results of runsOfBatches(...plan)) yield* results;
}

/** A plan for samples in the order they are in. */
export function inOrder(samples: number, batchSize: number): BatchPlan {
  return {
    order: Int32Array.from({ length: samples }, (_, index) => index),
    batchSize,
    inARow: Math.floor(samples / batchSize),
    later: 0,
  };
}
