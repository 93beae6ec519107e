/**
 * The runtime's guard: what the thread does. `guard.ts` says what for.
 *
 * On the socket to the front process each line is a message in JSON.
 */
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { workerData } from "node:worker_threads";
import type { GuardMessage, InputQuestion } from "./channel";
import type { GuardData } from "./guard";
import { ANSWERED, STOPPED_RUN } from "./stop-flag";

/** How often the thread looks whether the front process is still there, in milliseconds. */
const WATCH_MILLISECONDS = 1000;

const { flag, socket: descriptor, port } = workerData as GuardData;

const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, WATCH_MILLISECONDS);

const socket = new Socket({ fd: descriptor, readable: true, writable: true });
// When the front process goes, the watch above ends this one.
socket.on("error", () => undefined);

port.on("message", (question: InputQuestion) => {
  socket.write(`${JSON.stringify(question)}\n`);
});

createInterface({ input: socket }).on("line", (line) => {
  const message = JSON.parse(line) as GuardMessage;
  if ("stop" in message) {
    Atomics.store(flag, STOPPED_RUN, message.stop);
    wake("stopped");
  } else {
    wake(message.answer);
  }
});

function wake(message: unknown): void {
  port.postMessage(message);
  Atomics.store(flag, ANSWERED, 1);
  Atomics.notify(flag, ANSWERED);
}
