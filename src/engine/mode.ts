/**
 * How steps are compiled while the engine is on: as TensorFlow graphs, natively, or natively where that can be.
 */

/** The words for it; `on` is the default. */
export const engineModes = ["on", "graph", "native"] as const;

/** One of them. */
export type EngineMode = (typeof engineModes)[number];

let current: EngineMode = "on";

/** The way in which programs are made and run now. */
export function engineMode(): EngineMode {
  return current;
}

/** Sets the mode for steps from now on. */
export function setEngineMode(mode: EngineMode): void {
  current = mode;
}
