/**
 * The runtime's guard, as the main thread knows it: a thread that is awake while a cell keeps the main one busy.
 *
 * It ends the runtime when the front process has gone: usually the closed IPC channel does that, but a cell in an endless loop
 * hears nothing of it. When the front process says so, it ends a cell: by the stop flag, by the signal SIGINT, or as a debugger does,
 * whatever the main thread is doing. And it brings questions to the front process and
 * answers back, while the main thread waits for them.
 */
import { join } from "node:path";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import type { InputAnswer, InputQuestion } from "./channel";
import { Interrupt } from "./interrupt";
import { killGroup } from "./process-group";
import { ANSWERED, isStopped, type StopFlag } from "./stop-flag";

/** The file descriptor of the socket between the front process and the guard. */
export const GUARD_SOCKET = 4;

/** What the thread is started with. */
export interface GuardData {
  readonly flag: Int32Array;
  readonly socket: number;
  /** Where questions come from and answers go to. */
  readonly port: MessagePort;
  /** The front process. */
  readonly parent: number;
}

/** What comes from the guard: an answer, or that what was executed was ended by this interrupt. */
type FromGuard = InputAnswer | { readonly ended: number };

/** Node's option by which it follows asynchronous calls without hooks; from version 24 on it always does so. */
export const WITHOUT_HOOKS = "--experimental-async-context-frame";

/** The thread beside the main one. */
export class Guard {
  readonly #flag: StopFlag;
  readonly #port: MessagePort;
  /** What is done with the answers to questions that nobody blocks for. */
  readonly #answered = new Map<number, (answer: InputAnswer) => void>();
  #questions = 0;

  /**
   * Starts the thread.
   *
   * @param flag What it raises.
   * @param ended Told that what this thread was executing was ended, by the interrupt of this number.
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
      // Here and not in the thread, which takes a while to start: the front process may have gone by then.
      parent: process.ppid,
    };
    process.on("disconnect", () => {
      // Last of all, as it ends this process too.
      process.on("exit", () => killGroup(process.pid));
      process.exit(0);
    });
    new Worker(join(__dirname, "guard-thread.js"), {
      workerData,
      transferList: [port2],
    }).unref();
  }

  /**
   * Puts a question to the user, and blocks this thread until it is answered.
   *
   * @throws {Interrupt} If the cell is interrupted meanwhile.
   */
  ask(question: Omit<InputQuestion, "id">): InputAnswer {
    this.#questions += 1;
    const id = this.#questions;
    this.#takeAll();
    Atomics.store(this.#flag, ANSWERED, 0);
    this.#port.postMessage({ ...question, id } satisfies InputQuestion);
    for (;;) {
      if (isStopped(this.#flag)) throw new Interrupt();
      Atomics.wait(this.#flag, ANSWERED, 0);
      Atomics.store(this.#flag, ANSWERED, 0);
      // One wake-up may be for several.
      const answer = this.#takeAll().find((each) => each.id === id);
      if (answer) return answer;
    }
  }

  /** Puts a question to the user, and does not wait: `answered` is called with what comes of it. */
  askLater(
    question: Omit<InputQuestion, "id">,
    answered: (answer: InputAnswer) => void,
  ): void {
    this.#questions += 1;
    const id = this.#questions;
    this.#answered.set(id, answered);
    this.#port.postMessage({ ...question, id } satisfies InputQuestion);
  }

  /** Drops the questions that nobody blocks for: their cell has ended. */
  forget(): void {
    this.#answered.clear();
  }

  /** What has come; an answer that came after its cell had ended is nobody's. */
  #takeAll(): InputAnswer[] {
    const all: InputAnswer[] = [];
    for (let message = this.#take(); message; message = this.#take()) {
      // That this thread was ended is said again and again.
      if ("ended" in message) continue;
      all.push(message);
      const answer = message;
      if (this.#answered.has(answer.id)) {
        // Not here, where a cell blocks.
        setImmediate(() => this.#answer(answer));
      }
    }
    return all;
  }

  #answer(answer: InputAnswer): void {
    const answered = this.#answered.get(answer.id);
    this.#answered.delete(answer.id);
    answered?.(answer);
  }

  #take(): FromGuard | undefined {
    const received = receiveMessageOnPort(this.#port);
    return (received as { message: FromGuard } | undefined)?.message;
  }
}
