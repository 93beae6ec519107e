/**
 * The runtime's stop flag: what the main thread and the guard tell each other of a cell that is to end.
 *
 * By it a loop learns so where no signal reaches it, and the guard when a signal would end that cell and nothing else.
 *
 * What follows an `await` is called by Node's own queue, which SIGINT does not end, and a loop there lets no handler run. So the compiler
 * puts a look at this flag into each loop of asynchronous code, and a thread of its own raises it.
 */
import { Interrupt } from "./interrupt";

/** What a cell's loops look at: they end when both numbers are equal. */
export type StopFlag = Int32Array & {
  /** What is thrown then. */
  error(): Error;
};

/** Place of the number of the run that is to end. */
export const STOPPED_RUN = 0;

/** Place of the number of the run that is under way. */
export const CURRENT_RUN = 1;

/** Place at which a question to the user waits: 1 as soon as it need not wait any longer. */
export const ANSWERED = 2;

/** Place of the number of the last interrupt that the main thread has heard of. */
export const HEARD_INTERRUPT = 3;

/** Place of one of the three numbers below: whether the main thread runs code that SIGINT ends. */
export const SIGNAL_STATE = 4;

/** It does not: SIGINT would end the wrong thing, or, while Node takes its handlers off and on, the process. */
export const SHELTERED = 0;

/** It does. */
export const EXPOSED = 1;

/** It does, and the guard has sent the signal. */
export const AIMED_AT = 2;

/** Place of the number of training runs under way: they end by themselves when they are told to. */
export const TRAINING_RUNS = 5;

/** Place that is 1 after the guard has ended what the main thread was executing, until the consequences have been seen to. */
export const WAS_ENDED = 6;

/** Place of one of the three numbers below: how far the guard has come with ending what the main thread executes. */
export const ENDING_STATE = 7;

/** It does not want to. */
export const NO_ENDING = 0;

/** It wants to, as soon as the main thread stands still. */
export const ENDING_WANTED = 1;

/** The main thread stands still. */
export const STANDS_STILL = 2;

/** The number of a run that stands for none: of an interrupt while no cell runs. */
export const NO_RUN = 0;

/**
 * How long a signal that was sent may take to arrive, in milliseconds. It never does where a handler of the cell's own has taken it, or a
 * script that the cell runs.
 */
const SIGNAL_PATIENCE = 2_000;

/** Whether the run that is under way is to end. */
export function isStopped(flag: StopFlag): boolean {
  return flag[STOPPED_RUN] === flag[CURRENT_RUN];
}

/** Says that SIGINT ends what the main thread runs from here on. */
export function expose(flag: StopFlag): void {
  Atomics.store(flag, SIGNAL_STATE, EXPOSED);
}

/**
 * Says that it does not any more. A signal that was sent ends this call: Node takes one that comes in the very moment in which a
 * script ends for one to the next script, which may be another cell's.
 */
export function shelter(flag: StopFlag): void {
  let waited: "ok" | "not-equal" | "timed-out" = "ok";
  while (waited !== "timed-out") {
    const state = Atomics.compareExchange(
      flag,
      SIGNAL_STATE,
      EXPOSED,
      SHELTERED,
    );
    if (state !== AIMED_AT) return;
    waited = Atomics.wait(flag, SIGNAL_STATE, AIMED_AT, SIGNAL_PATIENCE);
  }
}

/** A flag that is not raised, in memory that threads share. */
export function createStopFlag(): StopFlag {
  const flag = new Int32Array(
    new SharedArrayBuffer(8 * Int32Array.BYTES_PER_ELEMENT),
  );
  flag[CURRENT_RUN] = -1;
  return Object.assign(flag, { error: () => new Interrupt() });
}
