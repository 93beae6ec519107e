/**
 * Tracks TensorFlow.js training runs and repairs the engine's state after interrupts.
 *
 * TensorFlow.js needs special handling for two reasons. A training run is a loop that stops only on
 * request (`stopTraining`). And an interrupt ends synchronous code without running its `finally`
 * blocks, so the engine's scopes and the model's `isTraining` flag keep their values from the
 * middle of a step.
 */
import { join } from "node:path";
import { Interrupt } from "../interrupt-error";

/** The part of tfjs's engine state that an interrupted step leaves changed. */
interface EngineState {
  kernelDepth: number;
  gradientDepth: number;
  activeTape?: unknown;
  scopeStack: unknown[];
  activeScope: unknown;
  profiling: boolean;
}

interface Engine {
  state: EngineState;
  endScope(): void;
}

interface Model {
  stopTraining: boolean;
  isTraining?: boolean;
}

interface TensorFlowCore {
  engine(): Engine;
}

interface TensorFlowLayers {
  LayersModel: { prototype: Record<string, unknown> };
}

/** A snapshot of the engine's state, taken before a cell runs. */
interface EngineMark {
  readonly state: Readonly<EngineState>;
  readonly scopes: number;
}

/** Tracks TensorFlow.js training runs and repairs the engine after an interrupt. */
export class TensorFlowAdapter {
  readonly #counted: (count: number) => void;
  readonly #training = new Set<Model>();
  readonly #interrupted = new WeakSet<Model>();
  #core: TensorFlowCore | undefined;
  #searchedModules = 0;

  /** @param counted Called with the number of active training runs, whenever it changes. */
  constructor(counted: (count: number) => void = () => undefined) {
    this.#counted = counted;
  }

  /** Whether a training run is active. */
  get isTraining(): boolean {
    return this.#training.size > 0;
  }

  /** Checks whether TensorFlow.js has been loaded, and if so begins to track its training runs. */
  discover(): void {
    const paths = Object.keys(require.cache);
    if (this.#core || paths.length === this.#searchedModules) return;
    this.#searchedModules = paths.length;
    const find = (name: string): unknown => {
      const suffix = [
        "@tensorflow",
        `tfjs-${name}`,
        "dist",
        `tf-${name}.node.js`,
      ];
      const path = paths.find((candidate) =>
        candidate.endsWith(join(...suffix)),
      );
      return path === undefined ? undefined : require.cache[path]?.exports;
    };
    const core = find("core") as TensorFlowCore | undefined;
    const layers = find("layers") as TensorFlowLayers | undefined;
    if (core === undefined || layers === undefined) return;
    this.#core = core;
    this.#followTraining(layers.LayersModel.prototype);
  }

  /**
   * Requests every training run to stop after its current batch. Its `fit` then rejects with an
   * `Interrupt`.
   */
  stopTraining(): void {
    for (const model of this.#training) {
      model.stopTraining = true;
      this.#interrupted.add(model);
    }
  }

  /** Returns a snapshot of the engine's state, or undefined if TensorFlow.js is not loaded. */
  mark(): EngineMark | undefined {
    const state = this.#core?.engine().state;
    return state && { state: { ...state }, scopes: state.scopeStack.length };
  }

  /**
   * Restores the engine's state from a snapshot, or to its initial state. Frees the tensors of
   * ended scopes.
   */
  repair(mark?: EngineMark): void {
    for (const model of this.#training) model.isTraining = false;
    this.#training.clear();
    this.#counted(0);
    const engine = this.#core?.engine();
    if (engine === undefined) return;
    const { state } = engine;
    const scopes = mark?.scopes ?? 0;
    // Kernel depth first, because ending a scope disposes tensors outside of any kernel.
    state.kernelDepth = mark?.state.kernelDepth ?? 0;
    state.gradientDepth = mark?.state.gradientDepth ?? 0;
    state.activeTape = mark?.state.activeTape;
    state.profiling = mark?.state.profiling ?? false;
    while (state.scopeStack.length > scopes) {
      const before = state.scopeStack.length;
      try {
        engine.endScope();
      } catch {
        // A tensor was partly disposed at the interrupt; the scope must end nevertheless.
      }
      if (state.scopeStack.length === before) state.scopeStack.pop();
    }
    state.activeScope = state.scopeStack.at(-1) ?? null;
  }

  #followTraining(prototype: Record<string, unknown>): void {
    for (const name of ["fit", "fitDataset"]) {
      const original = prototype[name] as (
        ...parameters: unknown[]
      ) => Promise<unknown>;
      // eslint-disable-next-line @typescript-eslint/no-this-alias -- used beside the model's `this`
      const adapter = this;
      prototype[name] = async function (this: Model, ...parameters: unknown[]) {
        adapter.#training.add(this);
        adapter.#counted(adapter.#training.size);
        adapter.#interrupted.delete(this);
        try {
          const history = await original.apply(this, parameters);
          // As in Keras, the call throws; the results so far are in `model.history`.
          if (adapter.#interrupted.delete(this)) throw new Interrupt();
          return history;
        } finally {
          adapter.#training.delete(this);
          adapter.#counted(adapter.#training.size);
        }
      };
    }
  }
}
