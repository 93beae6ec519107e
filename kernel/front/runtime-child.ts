/**
 * Starts a process that runs cells, and connects its channels: events and commands over IPC,
 * questions and interrupts over the socket of its guard thread, and its output over pipes.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { jsonLine, onJsonLine } from "../json-line";
import { currentLog } from "../log";
import type { DebugNotice } from "../debugger/channel";
import type {
  GuardMessage,
  GuardNotice,
  InputQuestion,
  RuntimeEvent,
} from "../runtime/channel";
import { GUARD_SOCKET, WITHOUT_HOOKS } from "../runtime/guard";

/** Callbacks for what one process sends. */
interface ChildListener {
  /** Called with each event. */
  event(event: RuntimeEvent): void;
  /** Called when a cell asks the user. */
  asked(question: InputQuestion): void;
  /** Called with each message of the debugger. */
  debugged(notice: DebugNotice): void;
  /** Called with output of native code and child processes. */
  printed(name: "stdout" | "stderr", text: string): void;
}

/** Starts a process. It sends the event "ready" when it can run cells. */
export function forkRuntime(listener: ChildListener): ChildProcess {
  const child = fork(join(__dirname, "..", "runtime", "main.js"), [], {
    execArgv: process.allowedNodeEnvironmentFlags.has(WITHOUT_HOOKS)
      ? [WITHOUT_HOOKS]
      : [],
    // Makes it the leader of a new process group, which includes the processes that cells start.
    detached: true,
    // The last pipe is for the guard. After it comes this process's standard error for the log
    // (`RUNTIME_LOG`).
    stdio: [
      ...(["ignore", "pipe", "pipe", "ipc", "pipe"] as const),
      ...(currentLog() ? [process.stderr.fd] : []),
    ],
  });
  child.on("message", (event: RuntimeEvent) => listener.event(event));
  const socket = socketOf(child);
  // Writing fails if the runtime has just ended, which its exit event reports.
  socket.on("error", () => undefined);
  onJsonLine<GuardNotice>(socket, (notice) => {
    if ("debug" in notice) listener.debugged(notice.debug);
    // Text printed before the question arrives on another channel and must be shown first.
    else setImmediate(() => listener.asked(notice));
  });
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8");
    child[name]?.on("data", (text: string) => listener.printed(name, text));
  }
  return child;
}

/** Sends a message to the guard thread of a process, which reads it while a cell is busy. */
export function sendToGuard(child: ChildProcess, message: GuardMessage): void {
  socketOf(child).write(jsonLine(message), () => undefined);
}

function socketOf(child: ChildProcess): Duplex {
  return child.stdio[GUARD_SOCKET] as Duplex;
}
