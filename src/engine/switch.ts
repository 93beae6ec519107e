/**
 * Switches the engine on and off.
 *
 * On unless `CONVNOTES_ENGINE` in the environment says `off`, `graph` or `native`. Off, everything is tfjs as it comes.
 */
import { startCollecting, stopCollecting } from "./collection";
import { installLayers, uninstallLayers } from "./layers/install";
import { installModel, installModels, uninstallModels } from "./models/install";
import { installOperations, uninstallOperations } from "./operations/install";
import { engineModes, setEngineMode, type EngineMode } from "./mode";
import type { tf } from "./tfjs/library";
import { forgetSources } from "./tfjs/own-source";
import { followVariables } from "./variables/variable-values";

/** States of the engine. */
export type EngineState = EngineMode | "off";

let isOn = false;

/** Whether models are compiled and what nothing refers to is freed. */
export function isEngineOn(): boolean {
  return isOn;
}

/**
 * Switches the engine, for all models, at any time between two steps. Weights keep their values.
 *
 * - `on`, the default: models are compiled, natively where that can be and else as TensorFlow graphs, and tensors that nothing refers to any
 *   more are freed. `compilation(model)` says which it was, and why.
 * - `graph`: the same; all steps are TensorFlow graphs.
 * - `native`: the same; a training step of `model.fit` that cannot be native throws an Error with the reason.
 * - `off`: plain TensorFlow.js.
 *
 * Throws a TypeError for any other word.
 */
export function setEngine(state: EngineState): void {
  check("the engine's state", state);
  if (state === "off") {
    uninstallModels();
    uninstallLayers();
    uninstallOperations();
    stopCollecting();
    isOn = false;
    return;
  }
  setEngineMode(state);
  prepare();
  installModels();
  startCollecting();
}

function check(what: string, state: unknown): asserts state is EngineState {
  if (state === "off" || engineModes.some((mode) => mode === state)) return;
  throw new TypeError(
    `Expected ${what} to be "on", "native", "graph" or "off", received ${JSON.stringify(state)}`,
  );
}

/**
 * Compiles the steps of one model, while the engine is off for the others.
 *
 * `model` may be sequential or functional, compiled already or not. Gives the model. Where the engine is on for all,
 * nothing changes.
 */
export function accelerate<Model extends tf.LayersModel>(model: Model): Model {
  prepare();
  installModel(model);
  return model;
}

/** Obeys the environment. */
export function startEngine(): void {
  const wanted = process.env["CONVNOTES_ENGINE"] ?? "on";
  check("CONVNOTES_ENGINE", wanted);
  setEngine(wanted);
}

function prepare(): void {
  if (isOn) return;
  isOn = true;
  followVariables();
  installOperations();
  installLayers();
  forgetSources();
}
