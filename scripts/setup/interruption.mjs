// Ctrl-C, a closed terminal, `kill`, and a reader that went away: turned into one AbortSignal that everything set-up waits
// for listens to.

/* global AbortController */
import { Interrupted } from "./setup-error.mjs";

/** @type {readonly NodeJS.Signals[]} */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

// Ctrl-C on `npm start | tee log` ends tee too; what is then said to nobody must not end in a stack trace.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", () => undefined);

/**
 * Does some work that a signal from outside interrupts. The signal does not end this process: the work is told through
 * its AbortSignal, and cleans up after itself.
 *
 * @template T
 * @param {(interruption: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>} What the work returned.
 * @throws {Interrupted} Where a signal arrived and the work gave way to it.
 */
export async function interruptible(work) {
  const controller = new AbortController();
  /** @param {NodeJS.Signals} signal */
  const interrupt = (signal) => controller.abort(new Interrupted(signal));
  const lose = () => interrupt("SIGPIPE");
  for (const signal of signals) process.on(signal, interrupt);
  process.stdout.on("error", lose);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    process.stdout.off("error", lose);
  }
}
