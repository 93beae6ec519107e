/**
 * Terminates the code that the main thread executes: in a timer, a callback or a promise reaction.
 * This is the main thread's part. The guard thread decides when, and requests it through the
 * debugger protocol.
 *
 * The debugger's "terminate" skips every `finally` block, including those of Node's scheduler,
 * which then finds its stack of asynchronous contexts corrupted and ends the process. Therefore the
 * thread is first paused in code of the kernel, which empties this stack; only then is execution
 * terminated. In a loop over promises, the thread pauses in a promise reaction between the others;
 * otherwise it pauses wherever it is executing.
 */
import { executionAsyncResource } from "node:async_hooks";
import { Interrupt } from "../interrupt-error";
import type { Output } from "./output";
import {
  TERMINATION_STATE,
  TERMINATION_REQUESTED,
  PAUSED,
  type StopFlag,
} from "./stop-flag";

/**
 * Key of the global symbol under which the guard finds the two functions, when it evaluates an
 * expression in this thread.
 */
export const TERMINATION_KEY = "convnotes.kernel.termination";

/** How long the thread pauses before it continues on its own, in milliseconds. */
const PAUSE_MILLISECONDS = 1_000;

/**
 * How many `process.nextTick` callbacks a loop may add after termination was requested. Node itself
 * needs a few.
 */
const MOST_TICKS = 1_000;

/** A callback of `setImmediate` as Node queues it. */
interface QueuedImmediate {
  _idleNext?: QueuedImmediate | null;
}

/**
 * Node's handler of uncaught errors, the only function that empties the stack of asynchronous
 * contexts.
 */
interface NodeProcess {
  _fatalException?: (error: unknown) => boolean;
}

/** The main thread's part of a termination. */
export class Termination {
  readonly #flag: StopFlag;
  readonly #output: Pick<Output, "run" | "knownRun">;
  #nextTick: typeof process.nextTick | undefined;
  #ticks = 0;
  #endedRun: number | undefined;
  #lostImmediates: QueuedImmediate | undefined;

  /**
   * @param flag The state shared by both threads.
   * @param output Provides the run of the code that is executing.
   */
  constructor(flag: StopFlag, output: Pick<Output, "run" | "knownRun">) {
    this.#flag = flag;
    this.#output = output;
  }

  /** Makes the functions available to the guard. */
  install(): void {
    Object.defineProperty(globalThis, Symbol.for(TERMINATION_KEY), {
      value: {
        prepare: () => this.#prepare(),
        pause: () => this.#pause(),
        release: () => this.#release(),
      },
    });
  }

  /**
   * Restores Node's state after a termination. Returns the run that was ended since the last call,
   * if any.
   */
  settle(): number | undefined {
    this.#restoreTicks();
    this.#requeue();
    const run = this.#endedRun;
    this.#endedRun = undefined;
    return run;
  }

  /**
   * Queues a promise reaction that pauses loops over promises, and limits loops over
   * `process.nextTick`.
   */
  #prepare(): void {
    if (this.#flag[TERMINATION_STATE] !== TERMINATION_REQUESTED) return;
    this.#endedRun = this.#output.run;
    this.#boundTicks();
    void Promise.resolve().then(() => {
      const until = this.#pause();
      // Waits to be terminated here, and not in a later callback that Node may have put on its
      // stack by then.
      while (performance.now() < until);
    });
  }

  /**
   * Waits for the guard to terminate execution. Returns the time limit of that, as a
   * `performance.now` timestamp.
   */
  #pause(): number {
    if (this.#flag[TERMINATION_STATE] !== TERMINATION_REQUESTED) return 0;
    this.#endedRun ??= this.#output.run;
    this.#rememberImmediates();
    emptyAsyncStack();
    Atomics.store(this.#flag, TERMINATION_STATE, PAUSED);
    const until = performance.now() + PAUSE_MILLISECONDS;
    // Not Atomics.wait: the interrupted code may be in one, and V8 does not support nested waits.
    while (
      Atomics.load(this.#flag, TERMINATION_STATE) === PAUSED &&
      performance.now() < until
    );
    return until;
  }

  /** Prepares the end of code that the debugger has paused and will terminate. */
  #release(): void {
    this.#endedRun ??= this.#output.run;
    this.#rememberImmediates();
    emptyAsyncStack();
  }

  #boundTicks(): void {
    this.#ticks = 0;
    const next = (this.#nextTick ??= process.nextTick);
    process.nextTick = (callback, ...parameters) => {
      this.#ticks += 1;
      // Node also uses it to deliver messages of the front process.
      if (this.#ticks > MOST_TICKS && this.#output.knownRun !== undefined) {
        throw new Interrupt();
      }
      next.call(process, callback, ...parameters);
    };
  }

  #restoreTicks(): void {
    if (this.#nextTick) process.nextTick = this.#nextTick;
    this.#nextTick = undefined;
  }

  /**
   * Saves the immediates that are due. Node removes them from its queue, and loses the rest if the
   * first is terminated.
   */
  #rememberImmediates(): void {
    const resource = executionAsyncResource() as QueuedImmediate | undefined;
    if (resource?.constructor.name === "Immediate" && resource._idleNext) {
      this.#lostImmediates = resource._idleNext;
    }
  }

  /**
   * Requeues lost immediates after a new one, while that runs. Node still counts them and would
   * otherwise wait for them forever.
   */
  #requeue(): void {
    const first = this.#lostImmediates;
    this.#lostImmediates = undefined;
    if (first === undefined) return;
    const ours = setImmediate(() => {
      let last = first;
      while (last._idleNext) last = last._idleNext;
      last._idleNext = ours._idleNext ?? null;
      ours._idleNext = first;
    }) as NodeJS.Immediate & QueuedImmediate;
  }
}

/** Empties Node's stack of asynchronous contexts, as Node does for uncaught errors. */
function emptyAsyncStack(): void {
  const own = Object.getOwnPropertyDescriptor(process, "emit");
  // Suppresses listeners, because there is no real error.
  Object.defineProperty(process, "emit", {
    configurable: true,
    writable: true,
    value: () => true,
  });
  try {
    (process as NodeProcess)._fatalException?.(new Interrupt());
  } finally {
    if (own) Object.defineProperty(process, "emit", own);
    else delete (process as Partial<NodeJS.Process>).emit;
  }
}
