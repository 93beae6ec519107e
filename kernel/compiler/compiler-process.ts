/**
 * The process in which a compiler lives. It starts from a snapshot where there is a usable one.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type {
  CompilerAnswer,
  CompilerCall,
  CompilerMessage,
  CompilerStart,
} from "./compiler-service";
import type { CompilerSettings } from "./settings";
import { usableSnapshot } from "./snapshot/snapshot-file";

/** What the owner of the process is told. */
export interface CompilerListener {
  answered(answer: CompilerAnswer): void;
  /**
   * The process has ended, by itself or by {@link CompilerProcess.end}; what it was sent is not answered any more.
   *
   * @param how Reads "with exit code 1", "by SIGKILL".
   * @param hasStarted Whether it came so far as to take calls.
   */
  ended(how: string, hasStarted: boolean): void;
}

/** A process with a compiler in it. */
export class CompilerProcess {
  readonly #settings: CompilerSettings;
  readonly #listener: CompilerListener;
  #child: ChildProcess | undefined;
  #snapshot: string | undefined;
  #hasStarted = false;
  #isClosing = false;
  /** What was sent to a process that does not take calls yet, in case it never does and another has to. */
  #unread: CompilerCall[] = [];

  constructor(settings: CompilerSettings, listener: CompilerListener) {
    this.#settings = settings;
    this.#listener = listener;
    // The snapshot holds the first of the compilers only, and Node refuses it where V8 is set up in another way.
    this.#snapshot =
      settings.compiler === "checked" && settings.memory === undefined
        ? usableSnapshot()
        : undefined;
    this.start();
  }

  /** Sends a call, to a fresh process if there is none. It is answered, unless the process ends. */
  send(call: CompilerCall): void {
    const child = this.#child ?? this.start();
    if (!this.#hasStarted) this.#unread.push(call);
    if (child.connected) child.send(call, () => undefined);
  }

  /** Ends the process, whatever it is doing; the listener is told when it has ended. */
  end(): void {
    this.#child?.kill("SIGKILL");
  }

  /** Ends the process for good. */
  close(): void {
    this.#isClosing = true;
    this.end();
  }

  /** Starts a process, unless there is one. */
  start(): ChildProcess {
    if (this.#child) return this.#child;
    this.#hasStarted = false;
    this.#unread = [];
    const { memory } = this.#settings;
    const child = fork(join(__dirname, "compiler-main.js"), [], {
      execArgv: [
        ...(memory === undefined ? [] : [`--max-old-space-size=${memory}`]),
        ...(this.#snapshot ? ["--snapshot-blob", this.#snapshot] : []),
      ],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child = child;
    const start: CompilerStart = { settings: this.#settings };
    child.send(start, () => undefined);
    child.on("message", (message: CompilerMessage) => {
      this.#hasStarted = true;
      this.#unread = [];
      if ("id" in message) this.#listener.answered(message);
    });
    child.on("exit", (code, signal) => {
      this.#child = undefined;
      if (this.#isClosing) return;
      this.#ended(signal === null ? `with exit code ${code}` : `by ${signal}`);
    });
    return child;
  }

  #ended(how: string): void {
    if (this.#hasStarted || this.#snapshot === undefined) {
      this.#listener.ended(how, this.#hasStarted);
      return;
    }
    // Another build of the same version of Node may refuse the snapshot.
    this.#snapshot = undefined;
    const unread = this.#unread;
    this.start();
    for (const call of unread) this.send(call);
  }
}
