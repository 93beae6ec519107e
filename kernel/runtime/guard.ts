/**
 * Starts the guard thread, which stays responsive while a cell keeps the main thread busy.
 *
 * The guard ends the runtime when the front process has ended. Usually the closed IPC channel does
 * that, but not during an endless loop. When the front process requests it, the guard ends a cell:
 * by the stop flag, by SIGINT, or through the debugger protocol. It also passes questions to the
 * front process and answers back, while the main thread is blocked.
 */
import { join } from "node:path";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import type { AnnouncedScript, TargetMessage } from "../debugger/channel";
import type { InputAnswer, InputQuestion } from "./channel";
import { Interrupt } from "../interrupt-error";
import { killGroup } from "./process-group";
import {
  ANSWERED,
  isStopped,
  SCRIPT_STATE,
  SCRIPTS_ANNOUNCED,
  SCRIPTS_IGNORED,
  type StopFlag,
} from "./stop-flag";

/** The file descriptor of the socket between the front process and the guard. */
export const GUARD_SOCKET = 4;

/** The worker data of the guard thread. */
export interface GuardData {
  readonly flag: Int32Array;
  readonly socket: number;
  /** The port to the main thread, for questions and answers. */
  readonly port: MessagePort;
  /** Process id of the front process. */
  readonly parent: number;
}

/**
 * A message from the guard: an answer, or the number of the interrupt that terminated the main
 * thread's code.
 */
type FromGuard = InputAnswer | { readonly ended: number };

/** How long an announced script may wait for the debugger, in milliseconds. */
const ANNOUNCE_MILLISECONDS = 10_000;

/** Node's option that tracks asynchronous contexts without hooks; the default from version 24. */
export const WITHOUT_HOOKS = "--experimental-async-context-frame";

/** The guard thread, as the main thread uses it. */
export class Guard {
  readonly #flag: StopFlag;
  readonly #port: MessagePort;
  /** Asynchronous questions of cells that wait for an answer, by question id. */
  readonly #questions = new Map<
    number,
    { readonly run: number; answered(answer: InputAnswer): void }
  >();
  #lastQuestion = 0;
  #scripts = SCRIPTS_ANNOUNCED;

  /**
   * Starts the thread.
   *
   * @param flag The stop flag that the guard sets.
   * @param ended Called with the number of the interrupt after this thread's code was terminated.
   */
  constructor(flag: StopFlag, ended: (interrupt: number) => void) {
    this.#flag = flag;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on("message", (message: FromGuard) => {
      if ("ended" in message) ended(message.ended);
      else this.#answer(message);
    });
    port1.unref();
    const workerData: GuardData = {
      flag: new Int32Array(flag.buffer),
      socket: GUARD_SOCKET,
      port: port2,
      // Read here, because the front process may have ended by the time the thread has started.
      parent: process.ppid,
    };
    process.on("disconnect", () => {
      // Runs last, because it kills this process too.
      process.on("exit", () => killGroup(process.pid));
      process.exit(0);
    });
    new Worker(join(__dirname, "guard-thread.js"), {
      workerData,
      transferList: [port2],
    }).unref();
  }

  /**
   * Asks the user and blocks this thread until the answer arrives.
   *
   * @throws {Interrupt} If the cell is interrupted while it waits.
   */
  ask(question: Omit<InputQuestion, "id">): InputAnswer {
    this.#lastQuestion += 1;
    const id = this.#lastQuestion;
    this.#takeAll();
    Atomics.store(this.#flag, ANSWERED, 0);
    this.#port.postMessage({ ...question, id } satisfies InputQuestion);
    for (;;) {
      if (isStopped(this.#flag)) throw new Interrupt();
      Atomics.wait(this.#flag, ANSWERED, 0);
      Atomics.store(this.#flag, ANSWERED, 0);
      // One wake-up may stand for several answers.
      const answer = this.#takeAll().find((each) => each.id === id);
      if (answer) return answer;
    }
  }

  /** Asks the user without blocking. `answered` is called with the answer. */
  askLater(
    question: Omit<InputQuestion, "id">,
    answered: (answer: InputAnswer) => void,
  ): void {
    this.#lastQuestion += 1;
    const id = this.#lastQuestion;
    this.#questions.set(id, { run: question.run, answered });
    this.#port.postMessage({ ...question, id } satisfies InputQuestion);
  }

  /**
   * Announces a script that is about to run, and waits until its breakpoints are set. Returns at
   * once if debugging is off.
   */
  announce(script: AnnouncedScript): void {
    const flag = this.#flag;
    if (Atomics.load(flag, SCRIPT_STATE) === SCRIPTS_IGNORED) return;
    this.#scripts += 1;
    const number = this.#scripts;
    Atomics.store(flag, SCRIPT_STATE, number);
    this.#port.postMessage({ number, script } satisfies TargetMessage);
    const until = performance.now() + ANNOUNCE_MILLISECONDS;
    // Not Atomics.wait, in which V8 does not handle the debugger's messages.
    while (
      Atomics.load(flag, SCRIPT_STATE) === number &&
      performance.now() < until
    );
    Atomics.compareExchange(flag, SCRIPT_STATE, number, SCRIPTS_ANNOUNCED);
  }

  /** Passes text of a logpoint to the debugger's clients. */
  printDebugged(printed: string): void {
    this.#port.postMessage({ printed } satisfies TargetMessage);
  }

  /** Drops the asynchronous questions of a cell that has ended. */
  forget(run: number): void {
    for (const [id, question] of this.#questions) {
      if (question.run === run) this.#questions.delete(id);
    }
  }

  /** Returns all answers that have arrived, including those to questions of ended cells. */
  #takeAll(): InputAnswer[] {
    const all: InputAnswer[] = [];
    for (let message = this.#take(); message; message = this.#take()) {
      // Skipped, because notifications of a termination are repeated.
      if ("ended" in message) continue;
      all.push(message);
      const answer = message;
      if (this.#questions.has(answer.id)) {
        // Deferred, because a cell is blocked in this call.
        setImmediate(() => this.#answer(answer));
      }
    }
    return all;
  }

  #answer(answer: InputAnswer): void {
    const question = this.#questions.get(answer.id);
    this.#questions.delete(answer.id);
    question?.answered(answer);
  }

  #take(): FromGuard | undefined {
    const received = receiveMessageOnPort(this.#port);
    return (received as { message: FromGuard } | undefined)?.message;
  }
}
