/**
 * The runtime's guard: what the thread does. `guard.ts` says what for.
 *
 * On the socket to the front process each line is a message in JSON.
 */
import { Socket } from "node:net";
import { Session } from "node:inspector";
import { createInterface } from "node:readline";
import { workerData } from "node:worker_threads";
import { jsonLine } from "../json-line";
import type { GuardMessage, InputQuestion } from "./channel";
import type { GuardData } from "./guard";
import {
  ANSWERED,
  AIMED_AT,
  CURRENT_RUN,
  EXPOSED,
  HEARD_INTERRUPT,
  SHELTERED,
  SIGNAL_STATE,
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

const {
  flag,
  socket: descriptor,
  port,
  parent,
  mayTerminate,
} = workerData as GuardData;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, WATCH_MILLISECONDS);

const socket = new Socket({ fd: descriptor, readable: true, writable: true });
// When the front process goes, the watch above ends this one.
socket.on("error", () => undefined);

port.on("message", (question: InputQuestion) => {
  socket.write(jsonLine(question));
});

createInterface({ input: socket }).on("line", (line) => {
  const message = JSON.parse(line) as GuardMessage;
  if ("stop" in message) {
    stop(message.stop, message.interrupt);
  } else {
    port.postMessage(message.answer);
    wake();
  }
});

/**
 * Ends a run: a question that waits, a loop that looks at the flag, or whatever keeps the main thread busy. A cell that waits for a
 * promise reads the front process's message itself.
 */
function stop(run: number, interrupt: number): void {
  Atomics.store(flag, STOPPED_RUN, run);
  wake();
  const hears = () => Atomics.load(flag, HEARD_INTERRUPT) >= interrupt;
  const isEndedBySignal = () => Atomics.load(flag, SIGNAL_STATE) !== SHELTERED;
  setTimeout(() => {
    if (!hears()) signal(run);
  }, SIGNAL_MILLISECONDS);
  if (!mayTerminate) return;
  const isTraining = Atomics.load(flag, TRAINING_RUNS) > 0;
  setTimeout(
    () => {
      if (hears() || isEndedBySignal()) return;
      terminate();
      // What was ended may have been the very call that hears of the interrupt.
      const reminder = setInterval(() => {
        if (hears()) clearInterval(reminder);
        else port.postMessage({ ended: interrupt });
      }, REMINDER_MILLISECONDS);
    },
    isTraining ? TRAINING_MILLISECONDS : HEARING_MILLISECONDS,
  );
}

/** Sends SIGINT, if this run is what it would end: the main thread cannot go on to anything else meanwhile. */
function signal(run: number): void {
  const state = Atomics.compareExchange(flag, SIGNAL_STATE, EXPOSED, AIMED_AT);
  if (state !== EXPOSED) return;
  if (Atomics.load(flag, CURRENT_RUN) === run) {
    process.kill(process.pid, "SIGINT");
  } else {
    Atomics.store(flag, SIGNAL_STATE, EXPOSED);
    Atomics.notify(flag, SIGNAL_STATE);
  }
}

/**
 * Ends what the main thread is executing, wherever it is: a function of a library that a cell has called after an await, a timer. Node
 * offers this to debuggers only (https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-terminateExecution).
 */
function terminate(): void {
  Atomics.store(flag, WAS_ENDED, 1);
  const session = new Session() as Session & { connectToMainThread(): void };
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => session.disconnect());
}

/** Lets a main thread that waits for an answer look for it, or see that it is to stop. */
function wake(): void {
  Atomics.store(flag, ANSWERED, 1);
  Atomics.notify(flag, ANSWERED);
}
