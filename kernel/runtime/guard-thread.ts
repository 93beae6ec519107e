/**
 * Runs the runtime's guard thread, which `guard.ts` describes.
 *
 * Each line on the socket to the front process is a JSON message.
 */
import { Session } from "node:inspector";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { jsonLine, onJsonLine } from "../json-line";
import type { TargetMessage } from "../debugger/channel";
import type { InspectorRelay } from "../debugger/inspector-relay";
import type {
  GuardMessage,
  GuardNotice,
  InputQuestion,
  StopMessage,
} from "./channel";
import type { GuardData } from "./guard";
import { TERMINATION_KEY } from "./termination";
import { killGroup, signalMembers } from "./process-group";
import {
  SIGNAL_SENT,
  ACTIVE_RUNS,
  ANSWERED,
  CURRENT_RUN,
  TERMINATION_STATE,
  TERMINATION_REQUESTED,
  SIGNAL_ALLOWED,
  HANDLED_INTERRUPT,
  NO_TERMINATION,
  NO_RUN,
  SIGNAL_BLOCKED,
  SIGNAL_STATE,
  PAUSED,
  STOPPED_RUN,
  WAS_TERMINATED,
} from "./stop-flag";

/** Interval of checks whether the front process is still alive, in milliseconds. */
const WATCH_MILLISECONDS = 1000;

/**
 * How long the main thread may take to handle an interrupt before it gets SIGINT, in milliseconds.
 */
const SIGNAL_MILLISECONDS = 50;

/** How long it may take after that before its code is terminated, in milliseconds. */
const RESPONSE_MILLISECONDS = 250;

/** The same while a library's work is active, such as a training run, which ends its batch. */
const WORK_MILLISECONDS = 10_000;

/**
 * Interval at which the main thread is notified of its termination until it responds, in
 * milliseconds.
 */
const REMINDER_MILLISECONDS = 100;

/**
 * How long it may take to respond before it is terminated again, because similar code is running,
 * in milliseconds.
 */
const RETRY_MILLISECONDS = 1_000;

/**
 * How long the main thread may take to prepare its termination, in milliseconds, unless it waits in
 * native code.
 */
const REQUEST_MILLISECONDS = 100;

/**
 * How long a loop over promises may then take to reach the queued promise reaction, in
 * milliseconds.
 */
const REACTION_MILLISECONDS = 30;

/**
 * How long the main thread has to notice a signal before child processes receive it, in
 * milliseconds.
 */
const HEAD_START_MILLISECONDS = 20;

/** Interval at which the thread polls the flag, in milliseconds. */
const POLL_MILLISECONDS = 5;

/** How long the runtime may take to exit after the front process has ended, in milliseconds. */
const EXIT_MILLISECONDS = 300;

const { flag, socket: descriptor, port, parent } = workerData as GuardData;

setInterval(() => {
  if (process.ppid !== parent) endAll();
}, WATCH_MILLISECONDS);

const socket = new Socket({ fd: descriptor, readable: true, writable: true });
// The socket closes when the front process ends.
socket.on("error", () => undefined);
socket.on("close", () => setTimeout(endAll, EXIT_MILLISECONDS));

function send(notice: GuardNotice): void {
  socket.write(jsonLine(notice));
}

/** The connection to the inspector, once debugging has been requested. */
let relay: InspectorRelay | undefined;

/** Returns the relay. Its module is loaded only for debugging. */
function debuggerRelay(): InspectorRelay {
  const { InspectorRelay } = createRequire(__filename)(
    "../debugger/inspector-relay",
  ) as typeof import("../debugger/inspector-relay");
  relay ??= new InspectorRelay(flag, (debug) => send({ debug }));
  return relay;
}

port.on("message", (message: InputQuestion | TargetMessage) => {
  if ("prompt" in message) send(message);
  else debuggerRelay().forward(message);
});

onJsonLine<GuardMessage>(socket, (message) => {
  if ("stop" in message) {
    void stop(message);
  } else if ("debug" in message) {
    debuggerRelay().receive(message.debug);
  } else {
    port.postMessage(message.answer);
    wake();
  }
});

/** Whether a termination is in progress; only one interrupt at a time terminates code. */
let isTerminating = false;

/**
 * Ends a run: a pending question, a loop that checks the flag, or any code that keeps the main
 * thread busy. A cell that awaits a promise receives the front process's message itself.
 *
 * Child processes get their signal when the cell that waits for them has been ended or is about to
 * be, so that it fails with the interrupt and not with the error of the child process.
 */
async function stop(message: StopMessage): Promise<void> {
  const { stop: run, interrupt, children } = message;
  if (run !== NO_RUN) Atomics.store(flag, STOPPED_RUN, run);
  wake();
  const isHandled = () => Atomics.load(flag, HANDLED_INTERRUPT) >= interrupt;
  const signalChildren = once(() => {
    if (children) signalMembers(process.pid, "SIGINT");
  });
  relay?.suppressPauses(true);
  if (relay?.isPaused) await endPause(relay, message, isHandled);
  await until(isHandled, SIGNAL_MILLISECONDS);
  if (!isHandled() && run !== NO_RUN && signal(run)) {
    await sleep(HEAD_START_MILLISECONDS);
    signalChildren();
  }
  const isWorking = Atomics.load(flag, ACTIVE_RUNS) > 0;
  await until(isHandled, isWorking ? WORK_MILLISECONDS : RESPONSE_MILLISECONDS);
  const isEndedBySignal = Atomics.load(flag, SIGNAL_STATE) !== SIGNAL_BLOCKED;
  if (!isHandled() && !isEndedBySignal && !isTerminating) {
    isTerminating = true;
    while (!isHandled()) await terminate(interrupt, isHandled, signalChildren);
    isTerminating = false;
  }
  relay?.suppressPauses(false);
  signalChildren();
}

/** Ends code that is paused at a breakpoint, before it continues. */
async function endPause(
  paused: InspectorRelay,
  { stop: run, interrupt }: StopMessage,
  isHandled: () => boolean,
): Promise<void> {
  const isTerminated = await paused.endPause(
    () => run !== NO_RUN && signal(run),
  );
  if (isTerminated) await remind(interrupt, isHandled);
}

/**
 * Terminates the code of the main thread, see `termination.ts`. Resolves when it has responded, or
 * after a time limit.
 */
async function terminate(
  interrupt: number,
  isHandled: () => boolean,
  posted: () => void,
): Promise<void> {
  const session = new Session() as Session & { connectToMainThread(): void };
  session.connectToMainThread();
  const call = (name: string, done: () => void) =>
    session.post(
      "Runtime.evaluate",
      {
        expression: `globalThis[Symbol.for(${JSON.stringify(TERMINATION_KEY)})].${name}()`,
        silent: true,
      },
      done,
    );
  let isPrepared = false;
  const isPaused = () => Atomics.load(flag, TERMINATION_STATE) === PAUSED;
  Atomics.store(flag, TERMINATION_STATE, TERMINATION_REQUESTED);
  call("prepare", () => (isPrepared = true));
  await until(() => isPrepared || isHandled(), REQUEST_MILLISECONDS);
  if (isPrepared) {
    await until(() => isPaused() || isHandled(), REACTION_MILLISECONDS);
  }
  if (!isPaused() && !isHandled()) call("pause", () => undefined);
  posted();
  // Code that waits for a child process pauses only after that has ended.
  await until(() => isPaused() || isHandled());
  if (isPaused()) {
    Atomics.store(flag, WAS_TERMINATED, 1);
    session.post("Runtime.terminateExecution");
    Atomics.store(flag, TERMINATION_STATE, NO_TERMINATION);
    await remind(interrupt, isHandled);
  }
  Atomics.store(flag, TERMINATION_STATE, NO_TERMINATION);
  session.disconnect();
}

/**
 * Notifies the main thread of the end of its code until it responds: the terminated code may have
 * been the handler of the first message.
 */
async function remind(
  interrupt: number,
  isHandled: () => boolean,
): Promise<void> {
  const reminder = setInterval(
    () => port.postMessage({ ended: interrupt }),
    REMINDER_MILLISECONDS,
  );
  await until(isHandled, RETRY_MILLISECONDS);
  clearInterval(reminder);
}

/** Waits until the condition is true or the time limit has passed. */
async function until(
  condition: () => boolean,
  milliseconds = Infinity,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition() && performance.now() < end) {
    await sleep(POLL_MILLISECONDS);
  }
}

function once(body: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) body();
    isDone = true;
  };
}

/** Kills this process and the processes that cells have started. */
function endAll(): void {
  killGroup(process.pid);
  // Reached only if this process does not lead a group.
  process.kill(process.pid, "SIGKILL");
}

/**
 * Sends SIGINT if it would end this run; the main thread cannot proceed to another meanwhile.
 * Returns whether it was sent.
 */
function signal(run: number): boolean {
  const state = Atomics.compareExchange(
    flag,
    SIGNAL_STATE,
    SIGNAL_ALLOWED,
    SIGNAL_SENT,
  );
  if (state !== SIGNAL_ALLOWED) return false;
  if (Atomics.load(flag, CURRENT_RUN) === run) {
    process.kill(process.pid, "SIGINT");
    return true;
  }
  Atomics.store(flag, SIGNAL_STATE, SIGNAL_ALLOWED);
  Atomics.notify(flag, SIGNAL_STATE);
  return false;
}

/**
 * Wakes a main thread that waits for an answer, so that it checks for the answer or an interrupt.
 */
function wake(): void {
  Atomics.store(flag, ANSWERED, 1);
  Atomics.notify(flag, ANSWERED);
}
