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
import type { RunKeeper } from "./run-keeper";
import { RunProgress } from "./run-progress";
import { warmUp, type RunData } from "./step-stages";
import { TrainedBatches, type TrainingPlan } from "./trained-batches";

/** The arguments that `model.fit` has prepared when the loop begins. */
interface FitPlan extends TrainingPlan, RunData {
  readonly shuffle: boolean;
  readonly verbose: number;
  readonly callbacks: readonly tf.Callback[];
  /** Names of loss and metrics. */
  readonly labels: readonly string[];
  /** Names of all entries in an epoch's logs. */
  readonly logNames: readonly string[];
  /** Returns loss and metrics on the validation data; undefined without such data. */
  readonly validate: (() => readonly number[]) | undefined;
  /** Keeps the run's state, so that another process can continue it. */
  readonly keeper: RunKeeper | undefined;
}

/**
 * Trains for the planned epochs, or until `stopTraining` is set.
 *
 * Throws the errors of callbacks, losses and TensorFlow; the weights then have the values after the
 * last complete step. With `stopsAtNonFiniteLoss`, throws an Error (`ERR_NOT_FINITE`) that names
 * the cause of a loss that is not finite.
 */
export async function fitLoop(plan: FitPlan): Promise<tf.History> {
  plan.steps().stopAtNonFiniteLoss(plan.stopsAtNonFiniteLoss);
  try {
    return await run(plan);
  } finally {
    plan.steps().stopAtNonFiniteLoss(false);
  }
}

async function run(plan: FitPlan): Promise<tf.History> {
  const { keeper } = plan;
  const history = new tf.History();
  if (keeper === undefined) {
    return train(plan, history, new RunProgress(plan, history));
  }
  try {
    const progress = new RunProgress(plan, history);
    const position = await keeper.begin({
      ...plan,
      progress,
      position: () => progress.position(),
    });
    if (position !== undefined) {
      warmUp(plan.steps(), plan, position.stages);
      progress.continueAt(position);
    }
    return await train(plan, history, progress);
  } finally {
    await keeper.end();
  }
}

async function train(
  plan: FitPlan,
  history: tf.History,
  progress: RunProgress,
): Promise<tf.History> {
  const { model, samples, epochs, initialEpoch, keeper } = plan;
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
  let isContinued = progress.isContinued;
  if (isContinued) progress.fillHistory();
  const restore = () => {
    keeper!.restore();
    progress.restoreRandom();
    isContinued = false;
  };
  // What callbacks have done at the beginning of the epoch is in the values that are restored.
  if (isContinued && progress.batch === 0) restore();
  while (progress.epoch < epochs && !progress.isEnded) {
    const { epoch } = progress;
    progress.isAtRest = false;
    await callbacks.onEpochBegin(epoch);
    if (isContinued) restore();
    // Like tfjs, shuffles the order of the last epoch again, so equal seeds give equal orders.
    else if (plan.shuffle) tf.util.shuffle(progress.order);
    const logs = await runEpoch(plan, progress, callbacks);
    const isStopped = model.stopTraining_;
    const isComplete = progress.seen === samples;
    if (!isComplete) await keeper?.save();
    await callbacks.onEpochEnd(epoch, logs);
    if (isComplete) {
      progress.endEpoch(!isStopped && model.stopTraining_);
      await keeper?.save();
    }
    if (model.stopTraining_) break;
  }
  await callbacks.onTrainEnd();
  await history.syncData();
  return history;
}

async function runEpoch(
  plan: FitPlan,
  progress: RunProgress,
  callbacks: tf.CallbackList,
): Promise<tf.Logs> {
  const { model, samples, batchSize, labels, keeper } = plan;
  let validation: readonly number[] | undefined;
  const withScalars = expectsScalars(plan.callbacks, "onBatchEnd");
  const batches = new TrainedBatches(plan, progress);
  while (progress.seen < samples) {
    const { batch } = progress;
    const size = Math.min(batchSize, samples - progress.seen);
    const logs: tf.Logs = {};
    await callbacks.onBatchBegin(batch, logs);
    progress.isAtRest = false;
    const values = batches.next();
    logs["batch"] = batch;
    logs["size"] = size;
    for (const [index, label] of labels.entries()) {
      logs[label] = values[index]!;
    }
    progress.addBatch(values, size);
    const isLast = progress.seen === samples;
    if (isLast) validation = plan.validate?.();
    progress.isAtRest = !batches.hasMore && !isLast;
    if (withScalars) toScalars(logs, labels);
    await callbacks.onBatchEnd(batch, logs);
    if (withScalars) disposeScalars(logs);
    if (isLast || batches.hasMore) continue;
    // If a stop is requested within batches that ran together, training stops after the last of
    // them, because the weights include all of them.
    if (model.stopTraining_) break;
    if (keeper !== undefined) await keeper.betweenBatches();
  }
  const epochLogs: tf.Logs = {};
  if (validation !== undefined) {
    for (const [index, label] of labels.entries()) {
      epochLogs[`val_${label}`] = validation[index]!;
    }
  }
  for (const [index, label] of labels.entries()) {
    // Rounded to float32 as in tfjs, so the values do not depend on whether a callback expects
    // scalars.
    epochLogs[label] = Math.fround(progress.totals[index]! / progress.seen);
  }
  if (expectsScalars(plan.callbacks, "onEpochEnd")) {
    // The history reads them when the run has ended, and disposes of them.
    toScalars(epochLogs, Object.keys(epochLogs));
  }
  return epochLogs;
}
