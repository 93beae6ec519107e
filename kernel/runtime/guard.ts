/**
 * The runtime's guard: a thread that lives while a cell keeps the main one busy.
 *
 * It ends the runtime when the front process has gone: usually the closed IPC channel does that, but a cell in an endless loop
 * hears nothing of it. And it raises the stop flag when the front process writes the number of a run to the pipe between them.
 */
import { Worker } from "node:worker_threads";
import { STOPPED_RUN, type StopFlag } from "./stop-flag";

/** The file descriptor of the pipe on which the front process writes the number of a run, as four bytes. */
export const STOP_PIPE = 4;

const GUARD = `
  const { Socket } = require("node:net");
  const { workerData } = require("node:worker_threads");
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, 1000);
  const pipe = new Socket({ fd: workerData.pipe, readable: true });
  let rest = Buffer.alloc(0);
  pipe.on("error", () => undefined);
  pipe.on("data", (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (; rest.length >= 4; rest = rest.subarray(4)) {
      Atomics.store(workerData.flag, ${STOPPED_RUN}, rest.readInt32LE());
    }
  });
`;

/** Starts the thread. */
export function startGuard(flag: StopFlag): void {
  process.on("disconnect", () => process.exit(0));
  new Worker(GUARD, {
    eval: true,
    workerData: { flag: new Int32Array(flag.buffer), pipe: STOP_PIPE },
  }).unref();
}
