/**
 * The collection under way: tfjs's engine with its bookkeeping joined to garbage collection.
 */
import type { DataId } from "../tfjs/backend";
import type { tf } from "../tfjs/library";
import { collectGarbage, watchCollections } from "./garbage-collector";
import { forgetLayerOrders } from "./layer-order";
import { MemoryPressure } from "./memory-pressure";
import { overrideMethod } from "./method-override";
import { TensorRegistry } from "./tensor-registry";
import type { TrackedTensor, TrackingEngine } from "./tracking-engine";
import { trackingEngine } from "./tracking-engine";
import { weakVariables } from "./weak-variables";

/** How many turns of the event loop to wait at most for what is gone to be reported. */
const longestWait = 1000;

/** How many tensors that outlived their scopes are kept waiting at most. */
const mostSurvivors = 4096;

const nothing: readonly TrackedTensor[] = [];

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Joins tfjs's bookkeeping to garbage collection for as long as it lasts. */
export class Collection {
  readonly #engine: TrackingEngine = trackingEngine();
  readonly #registry: TensorRegistry;
  readonly #pressure: MemoryPressure;
  readonly #restore: (() => void)[] = [];
  /** Tensors that outlived a scope and are not in the registry yet. */
  readonly #survivors: TrackedTensor[] = [];
  /** How many gradients are under way, one inside the other. */
  #gradients = 0;
  #active = true;
  #due: Promise<void> | null = null;

  /** Takes effect at once. */
  constructor() {
    const engine = this.#engine;
    this.#registry = new TensorRegistry(engine.disposeTensor.bind(engine));
    this.#pressure = new MemoryPressure(engine.state.numBytes);
    this.#takeVariables();
    this.#restore.push(
      ...this.#overrideTracking(),
      ...this.#overrideHolders(),
      watchCollections(forgetLayerOrders),
    );
  }

  /** Puts everything back as it was found. */
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
   * Notes which data a variable holds.
   *
   * @param variable The variable.
   * @param dataId The data it holds now.
   */
  note(variable: tf.Variable, dataId: DataId): void {
    this.#registry.watch(variable, dataId);
  }

  /**
   * Collects at the end of the task that runs now, when no function holds tensors on the stack.
   *
   * @returns Resolves when the memory has been given back. Calls that come before share it.
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
      // V8 decides when to report what is gone: one to some turns later, as a rule.
      for (let turn = 0; turn < longestWait && !given; turn++) {
        await nextTurn();
      }
      await nextTurn();
      this.#pressure.reset(this.#engine.state.numBytes);
    }
    this.#due = null;
  }

  /** Follows each tensor from its making to its end. */
  #overrideTracking(): (() => void)[] {
    const engine = this.#engine;
    const registry = this.#registry;
    return [
      overrideMethod(
        engine,
        "trackTensor",
        (trackTensor) => (tensor, backend) => {
          trackTensor(tensor, backend);
          const { activeScope, numBytes } = engine.state;
          // A tensor that its scope holds is taken in at the scope's end, if it is alive then.
          if (activeScope == null || tensor.scopeId !== activeScope.id) {
            registry.watch(tensor, tensor.dataId);
          }
          if (this.#due === null && this.#pressure.isHigh(numBytes)) {
            void this.collect();
          }
        },
      ),
      overrideMethod(engine, "endScope", (endScope) => (result) => {
        const scope = engine.state.activeScope;
        endScope(result);
        const outermost = engine.state.activeScope == null;
        const made = scope?.track ?? nothing;
        for (let index = 0; index < made.length; index++) {
          const tensor = made[index];
          if ((outermost || tensor.kept) && !tensor.isDisposed) {
            this.#survivors.push(tensor);
          }
        }
        if (this.#survivors.length > 0) {
          this.#settle();
        }
      }),
      overrideMethod(engine, "disposeTensor", () => (tensor) => {
        registry.dispose(tensor);
      }),
    ];
  }

  /**
   * Takes in what outlived its scope, once no scope and no gradient is under way. Most of it is
   * saved for a gradient and disposed with it, and so never gets this far.
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

  /** Makes tfjs's state let go of what is dropped. */
  #overrideHolders(): (() => void)[] {
    const engine = this.#engine;
    return [
      overrideMethod(engine, "gradients", (gradients) => (...parameters) => {
        this.#gradients++;
        try {
          return gradients(...parameters);
        } finally {
          this.#gradients--;
          if (engine.state.gradientDepth === 0) {
            engine.state.activeTape = null;
          }
          this.#settle();
        }
      }),
      overrideMethod(engine, "read", (read) => async (dataId) => {
        const values = await read(dataId);
        await this.#due;
        return values;
      }),
      overrideMethod(engine, "reset", (reset) => () => {
        reset();
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
