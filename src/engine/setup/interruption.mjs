// Turns Ctrl-C, a closed terminal, `kill` and a closed output pipe into one AbortSignal for all of
// setup's work.

/* global AbortController */
import { Interrupted } from "./setup-error.mjs";

/** @type {readonly NodeJS.Signals[]} */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

// Ctrl-C on `npm start | tee log` ends tee too; later output must not end in a stack trace.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", () => undefined);

/**
 * Runs work that a signal can interrupt. The signal does not end this process: it aborts the work's
 * AbortSignal, and the work cleans up.
 *
 * @template T
 * @param {(interruption: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>} The result of the work.
 * @throws {Interrupted} If a signal arrived and the work stopped because of it.
 */
export async function interruptible(work) {
  const controller = new AbortController();
  /** @param {NodeJS.Signals} signal */
  const interrupt = (signal) => controller.abort(new Interrupted(signal));
  const onClosedPipe = () => interrupt("SIGPIPE");
  for (const signal of signals) process.on(signal, interrupt);
  process.stdout.on("error", onClosedPipe);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    process.stdout.off("error", onClosedPipe);
  }
}
