/**
 * Watches a step while it runs: its operations, the values that it reads and writes, its variables,
 * and its random numbers.
 */
import type { DataId } from "../tfjs/backend";
import { activeScope, isOpen } from "../tfjs/engine-state";
import type { tf } from "../tfjs/library";
import { observeVariables } from "../variables/variable-values";
import { activateRecorder, deactivateRecorder } from "./active-recorder";
import { BackendInterceptor, type BackendEvents } from "./backend-interceptor";
import { RandomWatch } from "./random-watch";

/** Callbacks for what a step does. `written` and `used` are called even if the watch is not on. */
interface StepEvents extends BackendEvents {
  /** Called after the step has created a variable. */
  variableCreated(): void;
  /** Called when a variable is read; returns the data to read, or undefined for its own. */
  variableRead(variable: tf.Variable): DataId | undefined;
  /** Called when a variable is assigned; returns whether that is all that should happen. */
  variableAssigned(variable: tf.Variable, dataId: DataId): boolean;
}

/** Watches one step. */
export class StepWatch {
  readonly #interceptor = new BackendInterceptor();
  readonly #random = new RandomWatch();
  readonly #atEnd: (() => void)[] = [];
  #scope: object | undefined;
  #paused = 0;

  /**
   * Whether the step is still running. An interrupt in a notebook aborts synchronous code without
   * running any `finally`. The kernel then closes tfjs's scopes, which is detected here.
   */
  get isAlive(): boolean {
    if (this.#scope !== undefined && isOpen(this.#scope)) return true;
    this.stop();
    return false;
  }

  /** Whether the step has drawn random numbers in JavaScript. */
  get hasDrawnRandom(): boolean {
    return this.#random.wasCalled;
  }

  /** Starts watching, within the step's scope of tfjs. Ends the watch of any other step. */
  begin(events: StepEvents): void {
    this.#scope = activeScope();
    activateRecorder(this);
    this.#random.begin();
    this.#interceptor.begin({
      operation: (name, attributes, inputs, execute) =>
        this.isOn
          ? events.operation(name, attributes, inputs, execute)
          : execute(),
      read: (dataId) => (this.isOn ? events.read(dataId) : dataId),
      written: (dataId) => events.written(dataId),
      used: (tensors) => events.used(tensors),
    });
    observeVariables({
      created: () => {
        if (this.isOn) events.variableCreated();
      },
      read: (variable) =>
        this.isOn ? events.variableRead(variable) : undefined,
      assigned: (variable, dataId) =>
        this.isOn && events.variableAssigned(variable, dataId),
    });
  }

  /** Whether the step is running and the watch is not paused. */
  get isOn(): boolean {
    return this.#paused === 0 && this.isAlive;
  }

  /** Runs a function that is not part of the step. */
  pause<Result>(run: () => Result): Result {
    this.#paused += 1;
    try {
      return run();
    } finally {
      this.#paused -= 1;
    }
  }

  /** Registers a function to be called when the watch ends, however it ends. */
  atEnd(run: () => void): void {
    this.#atEnd.push(run);
  }

  /** Stops watching. */
  stop(): void {
    for (const run of this.#atEnd.splice(0)) run();
    if (!deactivateRecorder(this)) return;
    observeVariables(undefined);
    this.#random.end();
    this.#interceptor.end();
  }
}
