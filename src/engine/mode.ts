/**
 * How steps are compiled while the engine is on: as TensorFlow graphs, or natively.
 */
import type { StepProgram } from "./functions/step-program";

/** The words for it. `on` is the default, which is `graph`. */
export const engineModes = ["on", "graph", "native"] as const;

/** One of them. */
export type EngineMode = (typeof engineModes)[number];

let path: StepProgram["path"] = "graph";

/** The way in which programs are made and run now. */
export function programPath(): StepProgram["path"] {
  return path;
}

/** Sets the mode for steps from now on. */
export function setEngineMode(mode: EngineMode): void {
  path = mode === "native" ? "native" : "graph";
}
