/**
 * Puts compiled steps behind `fit`, `evaluate`, `predict` and their relatives.
 *
 * Five methods of tfjs's `LayersModel` are wrapped on its prototype (see `insides.ts`). All that is public, arguments checked,
 * batches counted, promises kept, stays tfjs's own code, above them.
 */
import { tf } from "../tfjs/library";
import { isTensorFlowBackend } from "../tfjs/backend";
import { isBeingWatched } from "../tfjs/engine-state";
import { declarePart } from "../parts/declared-parts";
import { followLayers, unfollowLayers } from "../recording/active-layer";
import { isRecording } from "../recording/listening";
import type { CompiledStep } from "../functions/compiled-step";
import { fitLoop } from "./fit-loop";
import type { ModelInsides, TfjsStep } from "./insides";
import { joinedRows } from "./joined-rows";
import { batchNumbers, batchRows, inOrder, runBatches } from "./run-batches";
import { ModelSteps, type StockSteps } from "./model-steps";
import {
  followRegisteredCallbacks,
  hasSilentCallbacks,
} from "./registered-callbacks";
import { warnOfTrapsOnce } from "./traps";
import { watchesBatches } from "./watches-batches";

const prototype = tf.LayersModel.prototype as unknown as ModelInsides;

/** The methods as tfjs has them. */
const stock = {
  makeTrainFunction: prototype.makeTrainFunction,
  makeTestFunction: prototype.makeTestFunction,
  predictLoop: prototype.predictLoop,
  testLoop: prototype.testLoop,
  fitLoop: prototype.fitLoop,
  dispose: prototype.dispose,
};

const stockSteps: StockSteps = {
  train: (model) => stock.makeTrainFunction.call(model),
  test: (model) => {
    const { testFunction } = model;
    stock.makeTestFunction.call(model);
    const made = model.testFunction;
    model.testFunction = testFunction;
    return made;
  },
  predict: (model, inputs, samples) =>
    [stock.predictLoop.call(model, inputs, samples)].flat(),
};

const stepsOfModels = new WeakMap<ModelInsides, ModelSteps>();

/** Models whose steps are compiled; undefined for all. */
let chosen: WeakSet<ModelInsides> | undefined;

/** Steps of tfjs's kind that the engine made, by which the loops recognise that they may gather. */
const ownSteps = new WeakSet<TfjsStep>();

let isInstalled = false;

/** Compiles the steps of all models from now on. */
export function installModels(): void {
  chosen = undefined;
  wrap();
}

/** Compiles the steps of one model, a `Sequential` or another. */
export function installModel(model: tf.LayersModel): void {
  if (isInstalled && chosen === undefined) return;
  chosen ??= new WeakSet();
  chosen.add(innermost(model));
  wrap();
}

/** Lets tfjs run all models' steps again; values that only a program has are brought to tfjs when they are asked for. */
export function uninstallModels(): void {
  if (!isInstalled) return;
  isInstalled = false;
  Object.assign(prototype, stock);
  unfollowLayers();
}

/** How a model's steps were run so far; undefined for a model the engine has not met. */
export function stepsOf(model: tf.LayersModel): ModelSteps | undefined {
  return stepsOfModels.get(innermost(model));
}

/** A sequential model hands all work to a functional one that it makes. */
function innermost(model: tf.LayersModel): ModelInsides {
  const within = (model as unknown as { model?: tf.LayersModel }).model;
  return (within ?? model) as unknown as ModelInsides;
}

function isCompiled(model: ModelInsides): boolean {
  return isTensorFlowBackend() && (chosen === undefined || chosen.has(model));
}

/** The steps of a model. */
function currentSteps(model: ModelInsides): ModelSteps {
  const known = stepsOfModels.get(model);
  if (known !== undefined) return known;
  const steps = new ModelSteps(model, stockSteps);
  stepsOfModels.set(model, steps);
  return steps;
}

function wrap(): void {
  if (isInstalled) return;
  isInstalled = true;
  const wrappers = {
    dispose(this: ModelInsides) {
      const result = stock.dispose.call(this);
      // The programs' own copies of the weights go at once, not when JavaScript collects.
      if (result.refCountAfterDispose === 0) {
        stepsOfModels.get(innermost(this as never))?.dispose();
      }
      return result;
    },

    makeTrainFunction(this: ModelInsides) {
      warnOfTrapsOnce(this);
      if (!isCompiled(this)) return stock.makeTrainFunction.call(this);
      currentSteps(this).beginRun();
      const step: TfjsStep = (data) => {
        const steps = currentSteps(this);
        return steps.train.tensors(steps.trainingInputs(data)) as tf.Scalar[];
      };
      ownSteps.add(step);
      return step;
    },

    makeTestFunction(this: ModelInsides) {
      if (!isCompiled(this)) return stock.makeTestFunction.call(this);
      currentSteps(this);
      this.testFunction = (data) =>
        currentSteps(this).test.tensors(data) as tf.Scalar[];
      ownSteps.add(this.testFunction);
      return this.testFunction;
    },

    predictLoop(this: ModelInsides, inputs, batchSize = 32, verbose = false) {
      const data = [inputs].flat();
      const samples = data[0]?.shape[0];
      if (
        !isCompiled(this) ||
        verbose ||
        samples === undefined ||
        samples === 0 ||
        isRecording() ||
        isBeingWatched()
      ) {
        return stock.predictLoop.call(this, inputs, batchSize, verbose);
      }
      const steps = currentSteps(this);
      return predictInBatches(steps, data, samples, batchSize);
    },

    testLoop(this: ModelInsides, step, data, batchSize = 32, verbose, steps) {
      const samples = data[0]?.shape[0];
      if (!ownSteps.has(step) || verbose || steps != null || !samples) {
        return stock.testLoop.call(this, step, data, batchSize, verbose, steps);
      }
      const means = testInBatches(
        currentSteps(this).testGathered,
        data,
        samples,
        batchSize,
      );
      return means.map((value) => tf.scalar(value));
    },

    async fitLoop(this: ModelInsides, step, data, labels, ...others) {
      const [
        batchSize = 32,
        epochs = 1,
        verbose = 1,
        callbacks = [],
        validationStep,
        validationData = [],
        shuffle = true,
        logNames = [],
        initialEpoch = 0,
        stepsPerEpoch,
        validationSteps,
      ] = others;
      const samples = data[0]?.shape[0];
      stepsOfModels.get(this)?.watchLoss();
      if (
        !ownSteps.has(step) ||
        // A bar of progress on the terminal: its maker is not to be had outside of tfjs's own loop.
        verbose !== 0 ||
        hasSilentCallbacks() ||
        typeof shuffle !== "boolean" ||
        stepsPerEpoch != null ||
        validationSteps != null ||
        !samples
      ) {
        return stock.fitLoop.call(this, step, data, labels, ...others);
      }
      return fitLoop({
        model: this,
        steps: () => currentSteps(this),
        data,
        samples,
        batchSize,
        epochs,
        initialEpoch,
        shuffle,
        verbose,
        callbacks,
        watchesBatches: callbacks.some(watchesBatches),
        labels,
        logNames,
        validate: validationStep
          ? () =>
              testInBatches(
                currentSteps(this).testGathered,
                validationData,
                validationData[0]!.shape[0]!,
                batchSize,
              )
          : undefined,
      });
    },
  } satisfies Partial<ModelInsides> & ThisType<ModelInsides>;
  Object.assign(prototype, wrappers);
  followLayers();
  followRegisteredCallbacks();
  for (const wrapper of Object.values(wrappers)) declarePart(wrapper);
}

/** Means of loss and metrics over the data, each batch counted by its size. */
function testInBatches(
  step: CompiledStep,
  data: readonly (tf.Tensor | null)[],
  samples: number,
  batchSize: number,
): number[] {
  const totals: number[] = [];
  let begin = 0;
  const results = runBatches(
    batchNumbers,
    () => step,
    (numbers) => [numbers, ...data],
    inOrder(samples, batchSize),
  );
  for (const values of results) {
    const size = Math.min(batchSize, samples - begin);
    begin += size;
    for (const [index, value] of values.entries()) {
      totals[index] = (totals[index] ?? 0) + value * size;
    }
  }
  // tfjs gives these as float32 scalars; so does `evaluate`, which takes them from here too.
  return totals.map((total) => Math.fround(total / samples));
}

function predictInBatches(
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
        (numbers) => [numbers, ...data],
        inOrder(samples, batchSize),
      ),
    ];
    return parts[0]!.map((_, output) =>
      joinedRows(parts.map((part) => part[output]!)),
    );
  });
  return outputs.length === 1 ? outputs[0]! : outputs;
}
