/**
 * The state of the running engine: all of it that changes while programs run.
 *
 * There is one runtime in a process, because there is one tfjs. A test may begin a new one. What is
 * not here: caches by object (`WeakMap`s), which are right for every runtime, and what was learned
 * about tfjs itself in this process, such as the kernels that the user has replaced.
 */
import { coded } from "../notebook/coded-error";
import type { Collection } from "./collection/collection";
import type { EngineMode } from "./mode";
import type { Hook } from "./tfjs/hook";
import type { tf } from "./tfjs/library";
import type { VariableObserver } from "./variables/variable-observer";

/** A recorder that observes a step. */
export interface ActiveRecorder {
  /** Whether the step is still running. */
  readonly isAlive: boolean;
  /** Ends the recording. */
  stop(): void;
}

/** A kernel or gradient that the engine has registered. */
export interface Replacement<Config> {
  readonly previous: Config;
  readonly ours: Config;
}

/** `call` of a layer's class, replaced by the engine. */
export interface LayerHook {
  readonly prototype: tf.layers.Layer;
  readonly drawsAtRandom: boolean;
  readonly hook: Hook;
}

/** The state of one running engine. The fields are plain, as many are read at every operation. */
export class EngineRuntime {
  /** Whether operations and layers are replaced: the engine is on for all models or for some. */
  isOn = false;
  /** How steps are compiled. */
  mode: EngineMode = "on";

  /** The kernels, gradients and layers that the engine has replaced. */
  readonly kernels = new Map<string, Replacement<tf.KernelConfig>>();
  readonly gradients = new Map<string, Replacement<tf.GradConfig>>();
  readonly layers: LayerHook[] = [];
  /** Wrappers of what allocates tensors, which explain errors of memory. */
  readonly allocations: Hook[] = [];
  /** Wrappers of the methods of models; empty while no model's steps are compiled. */
  readonly models: Hook[] = [];
  /** Models whose steps are compiled; undefined for all models. */
  chosenModels: WeakSet<object> | undefined = undefined;
  /** Frees tensors; undefined while collection is not active. */
  collection: Collection | undefined = undefined;

  /** The recorder of the step that runs; undefined outside of recorded steps. */
  recorder: ActiveRecorder | undefined = undefined;
  /** The innermost layer that is being applied; undefined outside of layers. */
  activeLayer: tf.layers.Layer | undefined = undefined;
  /** Notified when variables are read and assigned. */
  variableObserver: VariableObserver | undefined = undefined;
  /** Key of the step that runs, and the number of its draws so far. */
  stepKey: tf.Tensor1D | undefined = undefined;
  draws = 0;
  /** Whether the last addition was that of a bias; see `wasBiasAdded`. */
  addedBias = false;

  /** Warnings that were printed. */
  readonly warnings = new Set<string>();
}

/** The runtime of this process. */
export let runtime = new EngineRuntime();

/**
 * Begins a new runtime, in its initial state. The engine must be off, so that no wrapper of the old
 * runtime is left.
 *
 * @throws An Error (`ERR_INVALID_STATE`) if the engine is on.
 */
export function beginRuntime(): void {
  if (runtime.isOn || runtime.collection !== undefined) {
    throw coded(
      "ERR_INVALID_STATE",
      new Error(
        'Expected the engine to be off before a new runtime, received one that is on; call setEngine("off") first',
      ),
    );
  }
  runtime = new EngineRuntime();
}
