/**
 * An active collection: tfjs's engine with its bookkeeping connected to garbage collection.
 */
import type { DataId } from "../tfjs/data";
import {
  tfjsEngine,
  type TfjsEngine,
  type TrackedTensor,
} from "../tfjs/engine-state";
import { hookMethod, type Hook } from "../tfjs/hook";
import { forgetLayerOrders } from "../tfjs/layer-order";
import type { tf } from "../tfjs/library";
import { collectGarbage, watchCollections } from "./garbage-collector";
import { MemoryPressure } from "./memory-pressure";
import { TensorRegistry } from "./tensor-registry";
import { weakVariables } from "./weak-variables";

/** Maximum number of event loop turns to wait for finalization callbacks. */
const longestWait = 1000;

/** Maximum number of tensors that outlived their scopes and are not registered yet. */
const mostSurvivors = 4096;

const nothing: readonly TrackedTensor[] = [];

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Connects tfjs's bookkeeping to garbage collection until {@link Collection.end} is called. */
export class Collection {
  readonly #engine: TfjsEngine = tfjsEngine();
  readonly #registry: TensorRegistry;
  readonly #pressure: MemoryPressure;
  readonly #restore: (() => void)[] = [];
  /** Tensors that outlived a scope and are not in the registry yet. */
  readonly #survivors: TrackedTensor[] = [];
  /** Number of nested gradients being computed. */
  #gradients = 0;
  #active = true;
  #due: Promise<void> | null = null;

  /** Takes effect immediately. */
  constructor() {
    const engine = this.#engine;
    this.#registry = new TensorRegistry(engine.disposeTensor.bind(engine));
    this.#pressure = new MemoryPressure(engine.state.numBytes);
    this.#takeVariables();
    this.#restore.push(
      ...[...this.#hookTracking(), ...this.#hookHolders()].map(
        (hook) => () => hook.remove(),
      ),
      watchCollections(forgetLayerOrders),
    );
  }

  /** Restores everything to its original state. */
  end(): void {
    this.#active = false;
    this.#registry.close();
    for (const restore of this.#restore.reverse()) {
      restore();
    }
    const { state } = this.#engine;
    state.registeredVariables = { ...state.registeredVariables };
  }

  /**
   * Records which data a variable holds.
   *
   * @param variable The variable.
   * @param dataId The data that it holds now.
   */
  note(variable: tf.Variable, dataId: DataId): void {
    this.#registry.watch(variable, dataId);
  }

  /**
   * Collects at the end of the current task, when no function holds tensors on the stack.
   *
   * @returns Resolves when the memory has been freed. Calls made in the meantime share the result.
   */
  collect(): Promise<void> {
    this.#due ??= this.#collect();
    return this.#due;
  }

  async #collect(): Promise<void> {
    await nextTurn();
    if (this.#active) {
      let given = false;
      this.#registry.afterCollection(() => {
        given = true;
      });
      forgetLayerOrders();
      collectGarbage();
      // V8 decides when to run finalization callbacks, usually one to a few turns later.
      for (let turn = 0; turn < longestWait && !given; turn++) {
        await nextTurn();
      }
      await nextTurn();
      this.#pressure.reset(this.#engine.state.numBytes);
    }
    this.#due = null;
  }

  /** Follows each tensor from its creation to its disposal. */
  #hookTracking(): Hook[] {
    const engine = this.#engine;
    const registry = this.#registry;
    return [
      hookMethod(engine, "trackTensor", (trackTensor) => (tensor, backend) => {
        trackTensor.call(engine, tensor, backend);
        const { activeScope, numBytes } = engine.state;
        // A tensor that belongs to a scope is registered at the scope's end, if it is still
        // alive.
        if (activeScope == null || tensor.scopeId !== activeScope.id) {
          registry.watch(tensor, tensor.dataId);
        }
        if (this.#due === null && this.#pressure.isHigh(numBytes)) {
          void this.collect();
        }
      }),
      hookMethod(engine, "endScope", (endScope) => (result) => {
        const scope = engine.state.activeScope;
        endScope.call(engine, result);
        const outermost = engine.state.activeScope == null;
        const made = scope?.track ?? nothing;
        for (let index = 0; index < made.length; index++) {
          const tensor = made[index]!;
          if ((outermost || tensor.kept) && !tensor.isDisposed) {
            this.#survivors.push(tensor);
          }
        }
        if (this.#survivors.length > 0) {
          this.#settle();
        }
      }),
      hookMethod(engine, "disposeTensor", () => (tensor) => {
        registry.dispose(tensor);
      }),
    ];
  }

  /**
   * Registers tensors that outlived their scopes, once no scope and no gradient is active. Most of
   * them are saved for a gradient and disposed of with it, so they are never registered.
   */
  #settle(): void {
    const survivors = this.#survivors;
    const settled =
      this.#gradients === 0 && this.#engine.state.activeScope == null;
    if (
      survivors.length === 0 ||
      !(settled || survivors.length > mostSurvivors)
    ) {
      return;
    }
    for (const tensor of survivors) {
      if (!tensor.isDisposed) {
        this.#registry.watch(tensor, tensor.dataId);
      }
    }
    survivors.length = 0;
  }

  /** Makes tfjs's state release objects that are no longer referenced elsewhere. */
  #hookHolders(): Hook[] {
    const engine = this.#engine;
    return [
      hookMethod(engine, "gradients", (gradients) => (...parameters) => {
        this.#gradients++;
        try {
          return gradients.call(engine, ...parameters);
        } finally {
          this.#gradients--;
          if (engine.state.gradientDepth === 0) {
            engine.state.activeTape = null;
          }
          this.#settle();
        }
      }),
      hookMethod(engine, "read", (read) => async (dataId) => {
        const values = await read.call(engine, dataId);
        await this.#due;
        return values;
      }),
      hookMethod(engine, "reset", (reset) => () => {
        reset.call(engine);
        this.#takeVariables();
      }),
    ];
  }

  /** Holds the variables weakly from now on. */
  #takeVariables(): void {
    const { state } = this.#engine;
    const variables = Object.values(state.registeredVariables);
    for (const variable of variables) {
      this.#registry.watch(variable, variable.dataId);
    }
    state.registeredVariables = weakVariables(state.registeredVariables);
  }
}
