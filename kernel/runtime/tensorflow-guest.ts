/**
 * What an interrupt must know of it.
 *
 * Two things set it apart from other libraries. A training run is a loop that only stops when it is told
 * (`stopTraining`). And an interrupt ends synchronous code without running its `finally`, so the engine's
 * scopes and the model's "is training" mark stay as they were in the middle of a step.
 */
import { join } from "node:path";
import { Interrupt } from "./interrupt";

/** The part of tfjs's engine state that an interrupted step leaves raised. */
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

/** How the engine stood before a cell ran. */
export interface EngineMark {
  readonly state: Readonly<EngineState>;
  readonly scopes: number;
}

/** Follows TensorFlow.js's training runs and mends its engine after an interrupt. */
export class TensorFlowGuest {
  readonly #counted: (count: number) => void;
  readonly #training = new Set<Model>();
  readonly #interrupted = new WeakSet<Model>();
  #core: TensorFlowCore | undefined;
  #searchedModules = 0;

  /** @param counted Told how many training runs are under way, whenever that changes. */
  constructor(counted: (count: number) => void = () => undefined) {
    this.#counted = counted;
  }

  /** Whether a training run is under way. */
  get isTraining(): boolean {
    return this.#training.size > 0;
  }

  /** Looks whether TensorFlow.js has been loaded, and if so follows its training runs from now on. */
  discover(): void {
    const paths = Object.keys(require.cache);
    if (this.#core || paths.length === this.#searchedModules) return;
    this.#searchedModules = paths.length;
    const find = (name: string): unknown => {
      const ending = [
        "@tensorflow",
        `tfjs-${name}`,
        "dist",
        `tf-${name}.node.js`,
      ];
      const path = paths.find((candidate) =>
        candidate.endsWith(join(...ending)),
      );
      return path === undefined ? undefined : require.cache[path]?.exports;
    };
    const core = find("core") as TensorFlowCore | undefined;
    const layers = find("layers") as TensorFlowLayers | undefined;
    if (core === undefined || layers === undefined) return;
    this.#core = core;
    this.#followTraining(layers.LayersModel.prototype);
  }

  /** Tells every training run to stop after its batch; its `fit` then rejects with an `Interrupt`. */
  stopTraining(): void {
    for (const model of this.#training) {
      model.stopTraining = true;
      this.#interrupted.add(model);
    }
  }

  /** How the engine stands now. */
  mark(): EngineMark | undefined {
    const state = this.#core?.engine().state;
    return state && { state: { ...state }, scopes: state.scopeStack.length };
  }

  /** Puts the engine back to how it stood; tensors of the scopes that are ended are freed. */
  repair(mark?: EngineMark): void {
    for (const model of this.#training) model.isTraining = false;
    this.#training.clear();
    this.#counted(0);
    const engine = this.#core?.engine();
    if (engine === undefined) return;
    const { state } = engine;
    const scopes = mark?.scopes ?? 0;
    // Kernel depth first: ending a scope disposes tensors, which must not count as part of a kernel.
    state.kernelDepth = mark?.state.kernelDepth ?? 0;
    state.gradientDepth = mark?.state.gradientDepth ?? 0;
    state.activeTape = mark?.state.activeTape;
    state.profiling = mark?.state.profiling ?? false;
    while (state.scopeStack.length > scopes) {
      const before = state.scopeStack.length;
      try {
        engine.endScope();
      } catch {
        // A tensor was half disposed when the interrupt came; the scope still has to go.
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
      // eslint-disable-next-line @typescript-eslint/no-this-alias -- the guest, beside the model's own `this`
      const guest = this;
      prototype[name] = async function (this: Model, ...parameters: unknown[]) {
        guest.#training.add(this);
        guest.#counted(guest.#training.size);
        guest.#interrupted.delete(this);
        try {
          const history = await original.apply(this, parameters);
          // As in Keras the call ends in an exception; what was done so far is in `model.history`.
          if (guest.#interrupted.delete(this)) throw new Interrupt();
          return history;
        } finally {
          guest.#training.delete(this);
          guest.#counted(guest.#training.size);
        }
      };
    }
  }
}
