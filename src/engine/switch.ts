/**
 * Switches the engine on and off.
 *
 * It is on unless the environment variable `CONVNOTES_ENGINE` is `off`, `graph` or `native`. When
 * it is off, tfjs is unmodified, apart from the faults that `tensorflow.ts` corrects.
 */
import { formerFunction } from "../notebook/former-names";
import { coded } from "../notebook/coded-error";
import { startCollecting, stopCollecting } from "./collection";
import { installLayers, uninstallLayers } from "./layers/install";
import { installModel, installModels, uninstallModels } from "./models/install";
import { installOperations, uninstallOperations } from "./operations/install";
import { runtime } from "./engine-runtime";
import { nativeAddon } from "./native/addon";
import { engineModes, type EngineMode } from "./mode";
import { checkVersions } from "./tfjs/known-version";
import type { tf } from "./tfjs/library";
import { forgetSources } from "./tfjs/tfjs-source";
import { trackVariables } from "./variables/variable-values";

/** States of the engine. */
export type EngineState = EngineMode | "off";

/** Returns whether models are compiled and unreferenced tensors are freed. */
export function isEngineOn(): boolean {
  return runtime.isOn;
}

/**
 * Sets the engine's state for all models. May be called between any two steps; weights keep their
 * values.
 *
 * - `on`, the default: models are compiled, natively where possible and otherwise as TensorFlow
 *   graphs. Tensors that are no longer referenced are freed. `compilation(model)` reports how steps
 *   were compiled, and why.
 * - `graph`: as `on`, but all steps are TensorFlow graphs.
 * - `native`: as `on`, but a training step of `model.fit` that cannot run natively throws an Error
 *   (`ERR_UNSUPPORTED`) with the reason.
 * - `off`: plain TensorFlow.js.
 *
 * Throws a TypeError (`ERR_INVALID_VALUE`) for any other value.
 */
export function setEngine(state: EngineState): void {
  check("the engine's state", state);
  if (state === "off") {
    uninstallModels();
    uninstallLayers();
    uninstallOperations();
    stopCollecting();
    runtime.isOn = false;
    return;
  }
  prepare();
  runtime.mode = state;
  installModels();
  startCollecting();
}

function check(what: string, state: unknown): asserts state is EngineState {
  if (state === "off" || engineModes.some((mode) => mode === state)) return;
  throw coded(
    "ERR_INVALID_VALUE",
    new TypeError(
      `Expected ${what} to be "on", "native", "graph" or "off", received ${JSON.stringify(state)}`,
    ),
  );
}

/**
 * Compiles the steps of one model while the engine is off for all others, and returns the model.
 *
 * `model` may be sequential or functional, and need not be compiled (`model.compile`) yet. Has no
 * effect if the engine is on for all models.
 */
export function compileSteps<Model extends tf.LayersModel>(
  model: Model,
): Model {
  prepare();
  installModel(model);
  return model;
}

/** @deprecated Use {@link compileSteps}. */
export const accelerate = formerFunction("accelerate", compileSteps);

/** Sets the state that `CONVNOTES_ENGINE` requests. */
export function startEngine(): void {
  const wanted = process.env["CONVNOTES_ENGINE"] ?? "on";
  check("CONVNOTES_ENGINE", wanted);
  setEngine(wanted);
}

function prepare(): void {
  if (runtime.isOn) return;
  checkVersions();
  runtime.isOn = true;
  trackVariables();
  installOperations();
  installLayers();
  forgetSources();
  // Loading TensorFlow reads 250 MB of its files once, which would stay in this process's memory.
  nativeAddon().addon?.releaseLibraries("libtensorflow");
}
