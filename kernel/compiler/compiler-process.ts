/**
 * The compiler's room, its walls: the process in which a compiler lives. It starts from a snapshot where there is a usable
 * one, and is replaced when it has ended.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type {
  CompilerAnswer,
  CompilerCall,
  CompilerStart,
} from "./compiler-service";
import type { CompilerSettings } from "./settings";
import { usableSnapshot } from "./snapshot/snapshot-file";

/** What the owner of the process is told. */
export interface CompilerListener {
  answered(answer: CompilerAnswer): void;
  /**
   * The process has ended by itself.
   *
   * @param how Reads "with exit code 1", "by SIGKILL".
   * @param isReplaced Whether a fresh one has been started; not if this one never came so far as to answer.
   */
  ended(how: string, isReplaced: boolean): void;
}

/** A process with a compiler in it. */
export class CompilerProcess {
  readonly #settings: CompilerSettings;
  readonly #listener: CompilerListener;
  #child: ChildProcess;
  #snapshot: string | undefined;
  #hasAnswered = false;
  #isClosing = false;
  /** Calls to a process that has not answered yet, in case it never does and another has to. */
  #untold: CompilerCall[] = [];

  constructor(settings: CompilerSettings, listener: CompilerListener) {
    this.#settings = settings;
    this.#listener = listener;
    // The snapshot holds the first of the compilers only.
    this.#snapshot =
      settings.compiler === "checked" ? usableSnapshot() : undefined;
    this.#child = this.#start();
  }

  /** Sends a call. It is answered, unless the process ends. */
  send(call: CompilerCall): void {
    if (!this.#hasAnswered) this.#untold.push(call);
    if (this.#child.connected) this.#child.send(call, () => undefined);
  }

  close(): void {
    this.#isClosing = true;
    this.#child.kill("SIGKILL");
  }

  #start(): ChildProcess {
    this.#hasAnswered = false;
    this.#untold = [];
    const child = fork(join(__dirname, "compiler-main.js"), [], {
      execArgv: this.#snapshot ? ["--snapshot-blob", this.#snapshot] : [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const start: CompilerStart = { settings: this.#settings };
    child.send(start, () => undefined);
    child.on("message", (answer: CompilerAnswer) => {
      this.#hasAnswered = true;
      this.#untold = [];
      this.#listener.answered(answer);
    });
    child.on("exit", (code, signal) => {
      if (this.#isClosing) return;
      this.#replace(
        signal === null ? `with exit code ${code}` : `by ${signal}`,
      );
    });
    return child;
  }

  #replace(how: string): void {
    const untold = this.#untold;
    if (this.#hasAnswered) {
      this.#child = this.#start();
      this.#listener.ended(how, true);
      return;
    }
    if (this.#snapshot === undefined) {
      this.#listener.ended(how, false);
      return;
    }
    // Another build of the same version of Node may refuse the snapshot.
    this.#snapshot = undefined;
    this.#child = this.#start();
    for (const call of untold) this.send(call);
  }
}
