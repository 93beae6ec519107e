/**
 * How steps are compiled while the engine is on: as TensorFlow graphs, natively, or natively where
 * possible. The current mode is in the runtime.
 */

/** The available modes; `on` is the default. */
export const engineModes = ["on", "graph", "native"] as const;

/** One of the {@link engineModes}. */
export type EngineMode = (typeof engineModes)[number];
