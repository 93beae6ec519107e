/**
 * The front process's life line: a kernel does not outlive the Jupyter that started it.
 *
 * Jupyter ends its kernels, unless it is killed itself. It then has told them its process number before, in JPY_PARENT_PID, and
 * their parent is another process from then on. A kernel that somebody starts by hand has no such number and stays.
 */

const WATCH_MILLISECONDS = 1000;

/** Read as this module is loaded: a Jupyter that is killed while its kernel still starts is gone a moment later. */
const parent = process.ppid;

/** Calls `end`, once, when the Jupyter that started this process is gone. */
export function endWithJupyter(end: () => void): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, WATCH_MILLISECONDS);
  timer.unref();
}
