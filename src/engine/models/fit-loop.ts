/**
 * The loop of `model.fit`, with batches picked inside the graph.
 *
 * tfjs's loop copies each batch out of the data, step by step, and adds up the losses as tensors; that takes longer than the
 * whole step of a small model. Here a step is given the data whole and the numbers of its samples, and gives back numbers.
 * Order of events, names and values are tfjs's: callbacks see what they always saw.
 */
import { tf } from "../tfjs/library";
import type { Numbers, StepInputs } from "../functions/step-definition";
import { batchNumbers, runsOfBatches } from "./run-batches";
import { disposeScalars, expectsScalars, toScalars } from "./logs";
import type { ModelInsides } from "./insides";
import type { ModelSteps } from "./model-steps";

/** What `model.fit` has worked out when the loop begins. */
export interface FitPlan {
  readonly model: ModelInsides;
  /** The model's steps, asked for before each step, as a callback may compile the model again. */
  steps(): ModelSteps;
  /** Inputs, labels and weights of samples, each with the samples along its first axis. */
  readonly data: StepInputs;
  readonly samples: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly shuffle: boolean;
  readonly verbose: number;
  readonly callbacks: readonly tf.Callback[];
  /** Whether a callback looks at single batches; if none does, short steps are run several at once. */
  readonly watchesBatches: boolean;
  /** Names of loss and metrics. */
  readonly labels: readonly string[];
  /** Names of all that is in an epoch's logs. */
  readonly logNames: readonly string[];
  /** Loss and metrics on the data for validation; undefined without. */
  readonly validate: (() => readonly number[]) | undefined;
}

/**
 * Trains for the epochs planned, or until `stopTraining` is set.
 *
 * Throws whatever a callback, a loss or TensorFlow throws; the weights then stay as the last whole step left them.
 */
export async function fitLoop(plan: FitPlan): Promise<tf.History> {
  const { model, samples, epochs, initialEpoch } = plan;
  const history = new tf.History();
  const callbacks = new tf.CallbackList([...plan.callbacks, history]);
  callbacks.setParams({
    epochs,
    initialEpoch,
    samples,
    steps: null as never,
    batchSize: plan.batchSize,
    verbose: plan.verbose,
    doValidation: plan.validate !== undefined,
    metrics: plan.logNames as never,
  });
  callbacks.setModel(model as never);
  model.history = history;
  await callbacks.onTrainBegin();
  model.stopTraining_ = false;
  const order = Int32Array.from({ length: samples }, (_, index) => index);
  for (let epoch = initialEpoch; epoch < epochs; epoch += 1) {
    await callbacks.onEpochBegin(epoch);
    // tfjs shuffles the last epoch's order on; so the same seed gives the same orders.
    if (plan.shuffle) tf.util.shuffle(order);
    const logs = await runEpoch(plan, epoch, order, callbacks);
    await callbacks.onEpochEnd(epoch, logs);
    if (model.stopTraining_) break;
  }
  await callbacks.onTrainEnd();
  await history.syncData();
  return history;
}

async function runEpoch(
  plan: FitPlan,
  epoch: number,
  order: Int32Array,
  callbacks: tf.CallbackList,
): Promise<tf.Logs> {
  const { model, samples, batchSize, labels } = plan;
  const totals = labels.map(() => 0);
  let seen = 0;
  let validation: readonly number[] | undefined;
  const withScalars = expectsScalars(plan.callbacks, "onBatchEnd");
  const runs = trainBatches(plan, epoch, order);
  /** Loss and metrics of batches that are done and that callbacks have not been told of. */
  const done: Numbers[] = [];
  for (let begin = 0, batch = 0; begin < samples; begin += batchSize) {
    const size = Math.min(batchSize, samples - begin);
    const logs: tf.Logs = {};
    await callbacks.onBatchBegin(batch, logs);
    if (done.length === 0) done.push(...runs.next().value!);
    const values = done.shift()!;
    logs["batch"] = batch;
    logs["size"] = size;
    seen += size;
    for (const [index, label] of labels.entries()) {
      logs[label] = values[index]!;
      totals[index]! += values[index]! * size;
    }
    if (begin + size === samples) validation = plan.validate?.();
    if (withScalars) toScalars(logs, labels);
    await callbacks.onBatchEnd(batch, logs);
    if (withScalars) disposeScalars(logs);
    // A stop among batches that were run together comes after the last of them: all are in the weights.
    if (model.stopTraining_ && done.length === 0) break;
    batch += 1;
  }
  const epochLogs: tf.Logs = {};
  if (validation !== undefined) {
    // A model of several outputs gives one value more for validation than tfjs has names for.
    for (const [index, label] of labels.entries()) {
      epochLogs[`val_${label}`] = validation[index]!;
    }
  }
  for (const [index, label] of labels.entries()) {
    // As exact as tfjs's, which are float32; so whether somebody asks for scalars makes no difference.
    epochLogs[label] = Math.fround(totals[index]! / seen);
  }
  if (expectsScalars(plan.callbacks, "onEpochEnd")) {
    // The history reads them when the run has ended, and disposes of them.
    toScalars(epochLogs, Object.keys(epochLogs));
  }
  return epochLogs;
}

/** Loss and metrics of the batches of an epoch, in order. A batch is trained when it is asked for, or together with the one before. */
function trainBatches(
  plan: FitPlan,
  epoch: number,
  order: Int32Array,
): Generator<Numbers[], void, undefined> {
  const { model, batchSize, data, epochs, samples, watchesBatches } = plan;
  // A run that is to stop does one more batch, as in tfjs, not several.
  const isLooked = watchesBatches || model.stopTraining_;
  const inARow = isLooked ? 1 : Math.floor(samples / batchSize);
  return runsOfBatches(
    batchNumbers,
    () => plan.steps().trainGathered,
    (numbers) => plan.steps().trainingInputs([numbers, ...data]),
    { order, batchSize, inARow, later: (epochs - epoch - 1) * inARow },
  );
}
