/**
 * The runtime's life line: it does not outlive the front process.
 *
 * Usually the closed IPC channel ends the runtime. A cell in an endless loop hears nothing of that, so a
 * thread of its own looks once a second whether the parent is still there.
 */
import { Worker } from "node:worker_threads";

const WATCH = `
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, 1000);
`;

/** Ends this process when its parent has ended. */
export function endWithParent(): void {
  process.on("disconnect", () => process.exit(0));
  new Worker(WATCH, { eval: true }).unref();
}
