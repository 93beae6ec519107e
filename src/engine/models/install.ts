/**
 * Installs compiled steps behind `fit`, `evaluate`, `predict` and related methods.
 *
 * Six methods of tfjs's `LayersModel` are wrapped on its prototype (see `tfjs/model-internals.ts`).
 * The public methods above them, which check arguments, count batches and return promises, remain
 * tfjs's own code.
 */
import { runtime } from "../engine-runtime";
import { explainingMemory } from "../memory-error";
import { tf } from "../tfjs/library";
import { isTensorFlowBackend } from "../tfjs/backend";
import { isBeingWatched } from "../tfjs/engine-state";
import { hookMethod } from "../tfjs/hook";
import {
  innermostModel,
  modelPrototype,
  type ModelInternals,
  type TfjsStep,
} from "../tfjs/model-internals";
import { declarePart } from "../parts/declared-parts";
import { nameEvaluatedLosses } from "../parts/evaluated-losses";
import { followLayers } from "../recording/active-layer";
import { isRecording } from "../recording/active-recorder";
import { predictInBatches, testInBatches } from "./all-batches";
import { fitLoop } from "./fit-loop";
import { ModelSteps, type StockSteps } from "./model-steps";
import * as registered from "./registered-callbacks";
import { stopsAtNonFiniteLoss } from "./stops-at-non-finite-loss";
import { warnOfTrapsOnce } from "./traps";
import { keeperOf } from "./run-keeper";
import { watchesBatches } from "./watches-batches";

nameEvaluatedLosses();

/** The methods as they were when the engine was loaded. */
const stock = {
  makeTrainFunction: modelPrototype.makeTrainFunction,
  makeTestFunction: modelPrototype.makeTestFunction,
  predictLoop: modelPrototype.predictLoop,
  testLoop: modelPrototype.testLoop,
  fitLoop: modelPrototype.fitLoop,
  dispose: modelPrototype.dispose,
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

/** The programs of a model are the model's, whichever runtime compiled them. */
const stepsOfModels = new WeakMap<ModelInternals, ModelSteps>();

/** Steps created by the engine, which tell the loops that batches may be gathered. */
const ownSteps = new WeakSet<TfjsStep>();

/** Compiles the steps of all models from now on. */
export function installModels(): void {
  runtime.chosenModels = undefined;
  wrap();
}

/** Compiles the steps of one model, sequential or functional. */
export function installModel(model: tf.LayersModel): void {
  if (isInstalled() && runtime.chosenModels === undefined) return;
  runtime.chosenModels ??= new WeakSet();
  runtime.chosenModels.add(innermostModel(model));
  wrap();
}

/**
 * Restores tfjs's steps for all models. Values held only by a program are copied to tfjs when they
 * are read.
 */
export function uninstallModels(): void {
  for (const hook of runtime.models.splice(0)) hook.remove();
}

/** Returns a model's compiled steps; undefined for a model that the engine has not run. */
export function stepsOf(model: tf.LayersModel): ModelSteps | undefined {
  return stepsOfModels.get(innermostModel(model));
}

function isInstalled(): boolean {
  return runtime.models.length > 0;
}

function isCompiled(model: ModelInternals): boolean {
  const { chosenModels } = runtime;
  return (
    isTensorFlowBackend() &&
    (chosenModels === undefined || chosenModels.has(model))
  );
}

/** Returns the steps of a model, which are created on first use. */
function currentSteps(model: ModelInternals): ModelSteps {
  const known = stepsOfModels.get(model);
  if (known !== undefined) return known;
  const steps = new ModelSteps(model, stockSteps);
  stepsOfModels.set(model, steps);
  return steps;
}

function wrap(): void {
  if (isInstalled()) return;
  const wrappers = {
    dispose(this: ModelInternals) {
      const result = stock.dispose.call(this);
      // Frees the programs' copies of the weights now instead of at garbage collection.
      if (result.refCountAfterDispose === 0) {
        stepsOfModels.get(innermostModel(this))?.dispose();
      }
      return result;
    },

    makeTrainFunction(this: ModelInternals) {
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

    makeTestFunction(this: ModelInternals) {
      if (!isCompiled(this)) return stock.makeTestFunction.call(this);
      currentSteps(this);
      this.testFunction = (data) =>
        currentSteps(this).test.tensors(data) as tf.Scalar[];
      ownSteps.add(this.testFunction);
      return this.testFunction;
    },

    predictLoop(this: ModelInternals, inputs, batchSize = 32, verbose = false) {
      const data = Array.isArray(inputs) ? inputs : [inputs];
      const samples = data[0]?.shape[0];
      const isOurs = isCompiled(this);
      if (isOurs && !verbose && samples !== undefined && samples <= batchSize) {
        const step = stepsOfModels.get(this)?.predict;
        const outputs = step?.nativeTensors(data);
        if (outputs) return outputs.length === 1 ? outputs[0]! : outputs;
      }
      if (
        !isOurs ||
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

    testLoop(this: ModelInternals, step, data, batchSize = 32, verbose, steps) {
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

    async fitLoop(this: ModelInternals, step, data, labels, ...others) {
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
      const keeper = keeperOf(callbacks);
      // The progress bar on the terminal cannot be created outside of tfjs's own loop. A run that
      // can be continued does without it.
      const hasBar = verbose !== 0 && keeper === undefined;
      if (
        !ownSteps.has(step) ||
        hasBar ||
        registered.hasSilentCallbacks() ||
        typeof shuffle !== "boolean" ||
        stepsPerEpoch != null ||
        validationSteps != null ||
        !samples
      ) {
        return stock.fitLoop.call(this, step, data, labels, ...others);
      }
      return fitLoop({
        model: this,
        keeper,
        steps: () => currentSteps(this),
        data,
        validationData: validationStep ? validationData : [],
        samples,
        batchSize,
        epochs,
        initialEpoch,
        shuffle,
        verbose: 0,
        callbacks,
        watchesBatches: callbacks.some(watchesBatches),
        stopsAtNonFiniteLoss: callbacks.some(stopsAtNonFiniteLoss),
        labels,
        logNames,
        validate: validationStep
          ? () =>
              testInBatches(
                currentSteps(this).testGathered,
                validationData,
                validationData[0]!.shape[0],
                batchSize,
              )
          : undefined,
      });
    },
  } satisfies Partial<ModelInternals> & ThisType<ModelInternals>;
  for (const [name, wrapper] of Object.entries(wrappers)) {
    const hook = hookMethod(
      modelPrototype as unknown as Record<string, typeof wrapper>,
      name,
      () => explainingMemory(wrapper),
    );
    declarePart(hook.wrapper);
    runtime.models.push(hook);
  }
  runtime.models.push(followLayers());
  registered.followRegisteredCallbacks();
}
