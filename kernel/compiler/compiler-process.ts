/**
 * Manages the child process that runs a compiler. It starts from a snapshot if a usable one exists.
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

/** Receives the events of the process. */
interface CompilerListener {
  answered(answer: CompilerAnswer): void;
  /**
   * Called when the process has exited on its own or through {@link CompilerProcess.end}. Pending
   * calls are not answered.
   *
   * @param how "ended with exit code 1" or "was terminated by SIGKILL", for example.
   * @param hasStarted Whether the process had started to accept calls.
   */
  ended(how: string, hasStarted: boolean): void;
}

/** A child process with a compiler. */
export class CompilerProcess {
  readonly #settings: CompilerSettings;
  readonly #listener: CompilerListener;
  #child: ChildProcess | undefined;
  #snapshot: string | undefined;
  #hasStarted = false;
  #isClosing = false;
  /** Calls sent before the process accepted any, in case it never does and has to be replaced. */
  #unread: CompilerCall[] = [];

  constructor(settings: CompilerSettings, listener: CompilerListener) {
    this.#settings = settings;
    this.#listener = listener;
    // The snapshot only contains the "checked" compiler, and Node rejects it if V8 has other
    // options.
    this.#snapshot =
      settings.compiler === "checked" && settings.memory === undefined
        ? usableSnapshot()
        : undefined;
    this.start();
  }

  /**
   * Sends a call, and starts a process if there is none. The call is answered unless the process
   * exits.
   */
  send(call: CompilerCall): void {
    const child = this.#child ?? this.start();
    if (!this.#hasStarted) this.#unread.push(call);
    if (child.connected) child.send(call, () => undefined);
  }

  /** Kills the process; the listener is notified when it has exited. */
  end(): void {
    this.#child?.kill("SIGKILL");
  }

  /** Kills the process without notifying the listener. */
  close(): void {
    this.#isClosing = true;
    this.end();
  }

  /** Starts the process if it is not running. */
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
      this.#ended(
        signal === null
          ? `ended with exit code ${code}`
          : `was terminated by ${signal}`,
      );
    });
    return child;
  }

  #ended(how: string): void {
    if (this.#hasStarted || this.#snapshot === undefined) {
      this.#listener.ended(how, this.#hasStarted);
      return;
    }
    // Another build of the same Node version may reject the snapshot.
    this.#snapshot = undefined;
    const unread = this.#unread;
    this.start();
    for (const call of unread) this.send(call);
  }
}
