/**
 * The runtime's guard: what the thread does. `guard.ts` says what for.
 *
 * On the socket to the front process each line is a message in JSON.
 */
import { Socket } from "node:net";
import { Session } from "node:inspector";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { jsonLine } from "../json-line";
import type { GuardMessage, InputQuestion, StopMessage } from "./channel";
import type { GuardData } from "./guard";
import { ENDING_PLACE } from "./ending";
import { killGroup, signalMembers } from "./process-group";
import {
  AIMED_AT,
  ANSWERED,
  CURRENT_RUN,
  ENDING_STATE,
  ENDING_WANTED,
  EXPOSED,
  HEARD_INTERRUPT,
  NO_ENDING,
  NO_RUN,
  SHELTERED,
  SIGNAL_STATE,
  STANDS_STILL,
  STOPPED_RUN,
  TRAINING_RUNS,
  WAS_ENDED,
} from "./stop-flag";

/** How often the thread looks whether the front process is still there, in milliseconds. */
const WATCH_MILLISECONDS = 1000;

/** How long the main thread may take to hear that it is to stop until it gets the signal, in milliseconds. */
const SIGNAL_MILLISECONDS = 50;

/** How long it may take to hear of it where no signal ends it, in milliseconds. */
const HEARING_MILLISECONDS = 250;

/** As long while a model is trained, which ends by itself after its batch. */
const TRAINING_MILLISECONDS = 10_000;

/** How often the main thread is told again that it was ended, in milliseconds, until it hears. */
const REMINDER_MILLISECONDS = 100;

/** How long it may take to hear that it was ended until it is ended again, as it has gone on with the like, in milliseconds. */
const AGAIN_MILLISECONDS = 1_000;

/** How long the main thread may take to do what it is asked, in milliseconds, unless it waits for something outside of JavaScript. */
const REQUEST_MILLISECONDS = 100;

/** How long a loop over promises may then take to reach what was laid in its way, in milliseconds. */
const REACTION_MILLISECONDS = 30;

/** How long a signal takes to be noticed by the main thread, in milliseconds; it ends what waits for a child process. */
const LEAD_MILLISECONDS = 20;

/** How often the thread looks at the flag while it waits, in milliseconds. */
const LOOK_MILLISECONDS = 5;

/** How long the runtime may take to end by itself when the front process has gone, in milliseconds. */
const FAREWELL_MILLISECONDS = 300;

const { flag, socket: descriptor, port, parent } = workerData as GuardData;

setInterval(() => {
  if (process.ppid !== parent) endAll();
}, WATCH_MILLISECONDS);

const socket = new Socket({ fd: descriptor, readable: true, writable: true });
// When the front process goes, the socket closes.
socket.on("error", () => undefined);
socket.on("close", () => setTimeout(endAll, FAREWELL_MILLISECONDS));

port.on("message", (question: InputQuestion) => {
  socket.write(jsonLine(question));
});

createInterface({ input: socket }).on("line", (line) => {
  const message = JSON.parse(line) as GuardMessage;
  if ("stop" in message) {
    void stop(message);
  } else {
    port.postMessage(message.answer);
    wake();
  }
});

/** Whether the main thread is being ended: by one interrupt at a time. */
let isEnding = false;

/**
 * Ends a run: a question that waits, a loop that looks at the flag, or whatever keeps the main thread busy. A cell that waits for a
 * promise reads the front process's message itself.
 *
 * Child processes get their signal when the cell that waits for them has been ended, or is about to be: it is to fail by
 * the interrupt and not by what the signal did to them.
 */
async function stop(message: StopMessage): Promise<void> {
  const { stop: run, interrupt, children } = message;
  if (run !== NO_RUN) Atomics.store(flag, STOPPED_RUN, run);
  wake();
  const isHeard = () => Atomics.load(flag, HEARD_INTERRUPT) >= interrupt;
  const signalChildren = once(() => {
    if (children) signalMembers(process.pid, "SIGINT");
  });
  await until(isHeard, SIGNAL_MILLISECONDS);
  if (!isHeard() && run !== NO_RUN && signal(run)) {
    await sleep(LEAD_MILLISECONDS);
    signalChildren();
  }
  const isTraining = Atomics.load(flag, TRAINING_RUNS) > 0;
  await until(
    isHeard,
    isTraining ? TRAINING_MILLISECONDS : HEARING_MILLISECONDS,
  );
  const isEndedBySignal = Atomics.load(flag, SIGNAL_STATE) !== SHELTERED;
  if (!isHeard() && !isEndedBySignal && !isEnding) {
    isEnding = true;
    while (!isHeard()) await end(interrupt, isHeard, signalChildren);
    isEnding = false;
  }
  signalChildren();
}

/** Ends what the main thread is executing: see `ending.ts`. Returns when it has heard of that, or not heard for some time. */
async function end(
  interrupt: number,
  isHeard: () => boolean,
  posted: () => void,
): Promise<void> {
  const session = new Session() as Session & { connectToMainThread(): void };
  session.connectToMainThread();
  const call = (name: string, done: () => void) =>
    session.post(
      "Runtime.evaluate",
      {
        expression: `globalThis[Symbol.for(${JSON.stringify(ENDING_PLACE)})].${name}()`,
        silent: true,
      },
      done,
    );
  let isPrepared = false;
  const stands = () => Atomics.load(flag, ENDING_STATE) === STANDS_STILL;
  Atomics.store(flag, ENDING_STATE, ENDING_WANTED);
  call("prepare", () => (isPrepared = true));
  await until(() => isPrepared || isHeard(), REQUEST_MILLISECONDS);
  if (isPrepared) {
    await until(() => stands() || isHeard(), REACTION_MILLISECONDS);
  }
  if (!stands() && !isHeard()) call("here", () => undefined);
  posted();
  // What waits for a child process that takes its time stands still only after that.
  await until(() => stands() || isHeard());
  if (stands()) {
    Atomics.store(flag, WAS_ENDED, 1);
    session.post("Runtime.terminateExecution");
    Atomics.store(flag, ENDING_STATE, NO_ENDING);
    // What was ended may have been the very call that hears of the interrupt.
    const reminder = setInterval(
      () => port.postMessage({ ended: interrupt }),
      REMINDER_MILLISECONDS,
    );
    await until(isHeard, AGAIN_MILLISECONDS);
    clearInterval(reminder);
  }
  Atomics.store(flag, ENDING_STATE, NO_ENDING);
  session.disconnect();
}

/** Waits until the condition is true, or some time has passed. */
async function until(
  condition: () => boolean,
  milliseconds = Infinity,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition() && performance.now() < end) {
    await sleep(LOOK_MILLISECONDS);
  }
}

function once(body: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) body();
    isDone = true;
  };
}

/** Ends this process and those that cells have started. */
function endAll(): void {
  killGroup(process.pid);
  // Reached only where this process leads no group.
  process.kill(process.pid, "SIGKILL");
}

/** Sends SIGINT, if this run is what it would end: the main thread cannot go on to anything else meanwhile. Whether it was sent. */
function signal(run: number): boolean {
  const state = Atomics.compareExchange(flag, SIGNAL_STATE, EXPOSED, AIMED_AT);
  if (state !== EXPOSED) return false;
  if (Atomics.load(flag, CURRENT_RUN) === run) {
    process.kill(process.pid, "SIGINT");
    return true;
  }
  Atomics.store(flag, SIGNAL_STATE, EXPOSED);
  Atomics.notify(flag, SIGNAL_STATE);
  return false;
}

/** Lets a main thread that waits for an answer look for it, or see that it is to stop. */
function wake(): void {
  Atomics.store(flag, ANSWERED, 1);
  Atomics.notify(flag, ANSWERED);
}
