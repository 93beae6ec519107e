/**
 * Ends what the main thread executes, wherever that is: a timer, a callback, a promise reaction. This is the main thread's part; the
 * guard's thread decides when, and asks for it as a debugger would.
 *
 * A debugger's "terminate" skips every `finally`, those of Node's own scheduling too, which then finds its stack of asynchronous
 * contexts corrupted and ends the process. So the thread is first made to stand still at a place of its own code, this stack is
 * emptied there, and only then is the execution ended. In a loop that turns over promises, that place is a promise
 * reaction among the others; in any other, it is wherever the loop is.
 */
import { executionAsyncResource } from "node:async_hooks";
import { Interrupt } from "./interrupt";
import type { Output } from "./output";
import {
  ENDING_STATE,
  ENDING_WANTED,
  STANDS_STILL,
  type StopFlag,
} from "./stop-flag";

/** Under this name the guard finds the two functions, by evaluating text in this thread. */
export const ENDING_PLACE = "convnotes.kernel.ending";

/** How long the thread stands still until it goes on after all, in milliseconds. */
const STILL_MILLISECONDS = 1_000;

/** How many callbacks a loop may put into `process.nextTick` after it was to end. Node itself needs a few. */
const MOST_TICKS = 1_000;

/** A callback of `setImmediate` as Node queues it. */
interface QueuedImmediate {
  _idleNext?: QueuedImmediate | null;
}

/** Node's own handler of errors that nobody has caught. It alone empties the stack of asynchronous contexts. */
interface NodeProcess {
  _fatalException?: (error: unknown) => boolean;
}

/** The main thread's part of an ending. */
export class Ending {
  readonly #flag: StopFlag;
  readonly #output: Pick<Output, "run" | "knownRun">;
  #nextTick: typeof process.nextTick | undefined;
  #ticks = 0;
  #endedRun: number | undefined;
  #cutOff: QueuedImmediate | undefined;

  /**
   * @param flag What both threads look at.
   * @param output Knows which run the code now executing belongs to.
   */
  constructor(flag: StopFlag, output: Pick<Output, "run" | "knownRun">) {
    this.#flag = flag;
    this.#output = output;
  }

  /** Makes both functions known to the guard. */
  install(): void {
    Object.defineProperty(globalThis, Symbol.for(ENDING_PLACE), {
      value: {
        prepare: () => this.#prepare(),
        here: () => this.#standStill(),
      },
    });
  }

  /** Puts right what the ending has left; the run that was ended, if one was since the last call. */
  settle(): number | undefined {
    this.#restoreTicks();
    this.#requeue();
    const run = this.#endedRun;
    this.#endedRun = undefined;
    return run;
  }

  /** Lays a promise reaction in the way of a loop over promises, and bounds one over `process.nextTick`. */
  #prepare(): void {
    if (this.#flag[ENDING_STATE] !== ENDING_WANTED) return;
    this.#endedRun = this.#output.run;
    this.#boundTicks();
    void Promise.resolve().then(() => {
      const until = this.#standStill();
      // Here it is ended, and not in a callback after this one, which Node may have put on its stack by then.
      while (performance.now() < until);
    });
  }

  /** Waits at this place for the guard to end what is executed; until when it would, as `performance.now` counts. */
  #standStill(): number {
    if (this.#flag[ENDING_STATE] !== ENDING_WANTED) return 0;
    this.#endedRun ??= this.#output.run;
    this.#rememberImmediates();
    emptyAsyncStack();
    Atomics.store(this.#flag, ENDING_STATE, STANDS_STILL);
    const until = performance.now() + STILL_MILLISECONDS;
    // Not Atomics.wait: the loop may be in one itself, and V8 cannot wait twice in a thread.
    while (
      Atomics.load(this.#flag, ENDING_STATE) === STANDS_STILL &&
      performance.now() < until
    );
    return until;
  }

  #boundTicks(): void {
    this.#ticks = 0;
    const next = (this.#nextTick ??= process.nextTick);
    process.nextTick = (callback, ...parameters) => {
      this.#ticks += 1;
      // Node brings messages of the front process by it, too.
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

  /** Node takes the immediates that are due out of its queue, and forgets those behind the first if that one is ended. */
  #rememberImmediates(): void {
    const resource = executionAsyncResource() as QueuedImmediate | undefined;
    if (resource?.constructor.name === "Immediate" && resource._idleNext) {
      this.#cutOff = resource._idleNext;
    }
  }

  /** Puts forgotten immediates behind one of ours, while that runs: they are counted still, so that Node would look for them for ever. */
  #requeue(): void {
    const first = this.#cutOff;
    this.#cutOff = undefined;
    if (first === undefined) return;
    const ours = setImmediate(() => {
      let last = first;
      while (last._idleNext) last = last._idleNext;
      last._idleNext = ours._idleNext ?? null;
      ours._idleNext = first;
    }) as NodeJS.Immediate & QueuedImmediate;
  }
}

/** Empties Node's stack of asynchronous contexts, as it does itself when an error was caught by nobody. */
function emptyAsyncStack(): void {
  const own = Object.getOwnPropertyDescriptor(process, "emit");
  // No listener is to hear of an error that is none.
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
