/**
 * Switches the engine on and off.
 *
 * On unless the environment says `CONVNOTES_ENGINE=off`. Off, everything is tfjs as it comes.
 */
import { startCollecting, stopCollecting } from "./collection";
import { installLayers, uninstallLayers } from "./layers/install";
import { installModel, installModels, uninstallModels } from "./models/install";
import { installOperations, uninstallOperations } from "./operations/install";
import type { tf } from "./tfjs/library";
import { forgetSources } from "./tfjs/own-source";
import { followVariables } from "./variables/variable-values";

let isOn = false;

/** Whether models are compiled and what nothing refers to is freed. */
export function isEngineOn(): boolean {
  return isOn;
}

/**
 * Switches the engine on or off, for all models, at any time between two steps. Weights keep their values.
 *
 * On, models are compiled, and tensors that nothing refers to any more are freed. Throws a TypeError for any other word.
 */
export function setEngine(state: "on" | "off"): void {
  if (state !== "on" && state !== "off") {
    throw new TypeError(
      `Expected the engine's state to be "on" or "off", received ${JSON.stringify(state)}`,
    );
  }
  if (state === "off") {
    uninstallModels();
    uninstallLayers();
    uninstallOperations();
    stopCollecting();
    isOn = false;
    return;
  }
  prepare();
  installModels();
  startCollecting();
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
  if (wanted !== "on" && wanted !== "off") {
    throw new TypeError(
      `Expected CONVNOTES_ENGINE to be "on" or "off", received ${JSON.stringify(wanted)}`,
    );
  }
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
