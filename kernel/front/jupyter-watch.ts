/**
 * Ends the kernel when the Jupyter process that started it has ended.
 *
 * Jupyter shuts down its kernels, unless it is killed. It sets JPY_PARENT_PID for the kernels that
 * it starts, and their parent process changes when it is killed. A kernel started by hand does not
 * have this variable and keeps running.
 */

const WATCH_MILLISECONDS = 1000;

/** Read when this module is loaded, because Jupyter may be killed while its kernel is starting. */
const parent = process.ppid;

/** Calls `end` once when the Jupyter process that started this one has ended. */
export function endWithJupyter(end: () => void): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, WATCH_MILLISECONDS);
  timer.unref();
}
