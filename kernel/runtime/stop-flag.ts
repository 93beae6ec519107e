/**
 * The runtime's stop flag: by which a loop learns that its cell is to end, where no signal reaches it.
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

/** Place that is 1 while the main thread runs code that SIGINT ends. */
export const ENDS_BY_SIGNAL = 4;

/** Place of the number of training runs under way: they end by themselves when they are told to. */
export const TRAINING_RUNS = 5;

/** Place that is 1 after the guard has ended what the main thread was executing, until that has been mended. */
export const WAS_ENDED = 6;

/** A flag that is not raised, in memory that threads share. */
export function createStopFlag(): StopFlag {
  const flag = new Int32Array(
    new SharedArrayBuffer(7 * Int32Array.BYTES_PER_ELEMENT),
  );
  flag[CURRENT_RUN] = -1;
  return Object.assign(flag, { error: () => new Interrupt() });
}
