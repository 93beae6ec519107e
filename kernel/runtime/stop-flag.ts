/**
 * Defines the stop flag, the state in shared memory by which the main thread and the guard
 * coordinate interrupts.
 *
 * Loops check it where no signal can reach them, and the guard checks whether a signal would end
 * exactly the interrupted cell.
 *
 * SIGINT does not end code after an `await`, because Node's task queue calls it, and a loop there
 * prevents handlers from running. Therefore the compiler adds a check of this flag to each loop of
 * asynchronous code, and the guard thread sets the flag.
 */
import { Interrupt } from "../interrupt-error";

/** The shared state. A cell's loops end when `STOPPED_RUN` and `CURRENT_RUN` are equal. */
export type StopFlag = Int32Array & {
  /** Returns the error that ends a loop. */
  error(): Error;
};

/** Index of the number of the run that is being stopped. */
export const STOPPED_RUN = 0;

/** Index of the number of the current run. */
export const CURRENT_RUN = 1;

/** Index of the state on which a blocking question waits; 1 when it should stop waiting. */
export const ANSWERED = 2;

/** Index of the number of the last interrupt that the main thread has handled. */
export const HANDLED_INTERRUPT = 3;

/** Index of the signal state, one of the three values below. */
export const SIGNAL_STATE = 4;

/**
 * SIGINT must not be sent: it would end other code or, while Node changes its handlers, the
 * process.
 */
export const SIGNAL_BLOCKED = 0;

/** The main thread runs code that SIGINT ends. */
export const SIGNAL_ALLOWED = 1;

/** The main thread runs such code and the guard has sent SIGINT. */
export const SIGNAL_SENT = 2;

/** Index of the number of active runs of libraries' work, which stop on request. */
export const ACTIVE_RUNS = 5;

/**
 * Index of a value that is 1 after the guard has terminated code of the main thread, until its
 * state is restored.
 */
export const WAS_TERMINATED = 6;

/** Index of the termination state, one of the three values below. */
export const TERMINATION_STATE = 7;

/** No termination is in progress. */
export const NO_TERMINATION = 0;

/** The guard will terminate execution when the main thread has paused. */
export const TERMINATION_REQUESTED = 1;

/** The main thread has paused. */
export const PAUSED = 2;

/**
 * Index of the state of scripts that are about to run: one of the two values below, or the number
 * of the script that waits until the debugger has set its breakpoints.
 */
export const SCRIPT_STATE = 8;

/** Debugging is off; scripts run at once. */
export const SCRIPTS_IGNORED = 0;

/** Debugging is on; scripts are announced before they run. Their numbers are greater than this. */
export const SCRIPTS_ANNOUNCED = 1;

/** The run number of interrupts while no cell is running. */
export const NO_RUN = 0;

/**
 * How long a signal may take to arrive, in milliseconds. It never arrives if a handler of the cell,
 * or a script that the cell runs, has received it.
 */
const SIGNAL_TIMEOUT = 2_000;

/** Returns whether the current run is being stopped. */
export function isStopped(flag: StopFlag): boolean {
  return flag[STOPPED_RUN] === flag[CURRENT_RUN];
}

/** Marks the code that follows as code that SIGINT ends. */
export function allowSignal(flag: StopFlag): void {
  Atomics.store(flag, SIGNAL_STATE, SIGNAL_ALLOWED);
}

/**
 * Ends the section in which SIGINT is allowed. Waits for a signal that was already sent, which ends
 * this call: Node would deliver a signal that arrives at the end of a script to the next script,
 * which may belong to another cell.
 */
export function blockSignal(flag: StopFlag): void {
  let waited: "ok" | "not-equal" | "timed-out" = "ok";
  while (waited !== "timed-out") {
    const state = Atomics.compareExchange(
      flag,
      SIGNAL_STATE,
      SIGNAL_ALLOWED,
      SIGNAL_BLOCKED,
    );
    if (state !== SIGNAL_SENT) return;
    waited = Atomics.wait(flag, SIGNAL_STATE, SIGNAL_SENT, SIGNAL_TIMEOUT);
  }
}

/** Creates a stop flag that is not set, in shared memory. */
export function createStopFlag(): StopFlag {
  const flag = new Int32Array(
    new SharedArrayBuffer(9 * Int32Array.BYTES_PER_ELEMENT),
  );
  flag[CURRENT_RUN] = -1;
  return Object.assign(flag, { error: () => new Interrupt() });
}
