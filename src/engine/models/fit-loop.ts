/**
 * The training loop of `model.fit`, with batches gathered inside the graph.
 *
 * tfjs's loop copies each batch out of the data and adds up the losses as tensors, which takes
 * longer than a whole step of a small model. Here a step receives all data and the indices of its
 * samples, and returns numbers. The order of events, names and values is that of tfjs, so callbacks
 * see no difference.
 */
import { tf } from "../tfjs/library";
import { disposeScalars, expectsScalars, toScalars } from "./logs";
import { TrainedBatches, type TrainingPlan } from "./trained-batches";

/** The arguments that `model.fit` has prepared when the loop begins. */
interface FitPlan extends TrainingPlan {
  readonly shuffle: boolean;
  readonly verbose: number;
  readonly callbacks: readonly tf.Callback[];
  /** Names of loss and metrics. */
  readonly labels: readonly string[];
  /** Names of all entries in an epoch's logs. */
  readonly logNames: readonly string[];
  /** Returns loss and metrics on the validation data; undefined without such data. */
  readonly validate: (() => readonly number[]) | undefined;
}

/**
 * Trains for the planned epochs, or until `stopTraining` is set.
 *
 * Throws the errors of callbacks, losses and TensorFlow; the weights then have the values after the
 * last complete step. With `stopsAtLoss`, throws an Error (`ERR_NOT_FINITE`) that names the cause
 * of a loss that is not finite.
 */
export async function fitLoop(plan: FitPlan): Promise<tf.History> {
  plan.steps().stopAtLoss(plan.stopsAtLoss);
  try {
    return await runEpochs(plan);
  } finally {
    plan.steps().stopAtLoss(false);
  }
}

async function runEpochs(plan: FitPlan): Promise<tf.History> {
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
    // Like tfjs, shuffles the order of the last epoch again, so equal seeds give equal orders.
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
  const batches = new TrainedBatches(plan, epoch, order);
  for (let begin = 0, batch = 0; begin < samples; begin += batchSize) {
    const size = Math.min(batchSize, samples - begin);
    const logs: tf.Logs = {};
    await callbacks.onBatchBegin(batch, logs);
    const values = batches.next();
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
    // If a stop is requested within batches that ran together, training stops after the last of
    // them, because the weights include all of them.
    if (model.stopTraining_ && !batches.hasMore) break;
    batch += 1;
  }
  const epochLogs: tf.Logs = {};
  if (validation !== undefined) {
    // A model of several outputs returns one validation value more than tfjs has names for.
    for (const [index, label] of labels.entries()) {
      epochLogs[`val_${label}`] = validation[index]!;
    }
  }
  for (const [index, label] of labels.entries()) {
    // Rounded to float32 as in tfjs, so the values do not depend on whether a callback expects
    // scalars.
    epochLogs[label] = Math.fround(totals[index]! / seen);
  }
  if (expectsScalars(plan.callbacks, "onEpochEnd")) {
    // The history reads them when the run has ended, and disposes of them.
    toScalars(epochLogs, Object.keys(epochLogs));
  }
  return epochLogs;
}
