/**
 * How steps are compiled while the engine is on: as TensorFlow graphs, natively, or natively where
 * possible. The current mode is in the runtime.
 */

/** How steps are compiled; `on` is the default. */
export type EngineMode = "on" | "graph" | "native";

/** The available modes. */
export const engineModes: readonly EngineMode[] = ["on", "graph", "native"];
