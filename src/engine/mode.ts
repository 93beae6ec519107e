/**
 * How steps are compiled while the engine is on: as TensorFlow graphs, natively, or natively where
 * possible.
 */

/** The available modes; `on` is the default. */
export const engineModes = ["on", "graph", "native"] as const;

/** One of the {@link engineModes}. */
export type EngineMode = (typeof engineModes)[number];

let current: EngineMode = "on";

/** Returns the mode in which programs are compiled and run now. */
export function engineMode(): EngineMode {
  return current;
}

/** Sets the mode for all further steps. */
export function setEngineMode(mode: EngineMode): void {
  current = mode;
}
