/**
 * Connects the front process to the inspector of the main thread. This runs in the guard thread,
 * which stays responsive while the main thread is busy or paused.
 *
 * Node's inspector handles the messages of a session from another thread at once, even in an
 * endless loop or at a breakpoint, and such a session needs no port. It exists only while debugging
 * is on, or for the duration of a single call.
 */
import { Session } from "node:inspector";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  SCRIPT_STATE,
  SCRIPTS_ANNOUNCED,
  SCRIPTS_IGNORED,
  WAS_TERMINATED,
} from "../runtime/stop-flag";
import { TERMINATION_KEY } from "../runtime/termination";
import type { DebugCommand, DebugNotice, TargetMessage } from "./channel";

/** How long a signal may take to reach the paused thread before it resumes, in milliseconds. */
const SIGNAL_MILLISECONDS = 40;

/** The kernel's compiled folder, whose scripts are not reported. */
const KERNEL_URL = `${pathToFileURL(dirname(__dirname)).href}/`;

/** A session that can connect to another thread, which Node's types omit. */
type RemoteSession = Session & { connectToMainThread(): void };

/** The fields of an event that are read here. */
interface InspectorEvent {
  readonly method: string;
  readonly params: {
    readonly scriptId?: string;
    readonly url?: string;
    readonly sourceMapURL?: string;
  };
}

/** Passes calls to the inspector, and its results and events back. */
export class InspectorRelay {
  readonly #flag: Int32Array;
  readonly #send: (notice: DebugNotice) => void;
  #session: RemoteSession | undefined;
  #isAttached = false;
  #isPaused = false;
  #calls = 0;

  /**
   * @param flag The state shared with the main thread.
   * @param send Sends a notice to the front process.
   */
  constructor(flag: Int32Array, send: (notice: DebugNotice) => void) {
    this.#flag = flag;
    this.#send = send;
  }

  /** Whether the main thread is paused. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Executes a command of the front process. */
  receive(command: DebugCommand): void {
    switch (command.do) {
      case "attach":
        this.#isAttached = true;
        this.#connected();
        Atomics.store(this.#flag, SCRIPT_STATE, SCRIPTS_ANNOUNCED);
        return;
      case "detach":
        this.#isAttached = false;
        Atomics.store(this.#flag, SCRIPT_STATE, SCRIPTS_IGNORED);
        this.#closeUnused();
        return;
      case "run":
        Atomics.compareExchange(
          this.#flag,
          SCRIPT_STATE,
          command.script,
          SCRIPTS_ANNOUNCED,
        );
        return;
      case "call":
        this.#call(command.id, command.method, command.params);
    }
  }

  /** Passes on a message of the main thread. */
  forward(message: TargetMessage): void {
    if ("printed" in message) {
      this.#send({ is: "printed", text: message.printed });
    } else if (this.#isAttached) {
      this.#send({ is: "script", ...message });
    } else {
      this.receive({ do: "run", script: message.number });
    }
  }

  /** Suppresses or allows pauses, which must not happen while an interrupt ends a cell. */
  suppressPauses(isSuppressed: boolean): void {
    if (!this.#isAttached) return;
    this.#session?.post("Debugger.setSkipAllPauses", { skip: isSuppressed });
  }

  /**
   * Ends the code that is paused, without running any more of it.
   *
   * @param signal Sends SIGINT if it would end the code; returns whether it was sent.
   * @returns Whether the code was terminated, so that the main thread has to recover.
   */
  async endPause(signal: () => boolean): Promise<boolean> {
    const session = this.#session;
    if (session === undefined) return false;
    if (signal()) {
      // Node's own thread receives it and requests the end, which happens when V8 resumes.
      await sleep(SIGNAL_MILLISECONDS);
      session.post("Debugger.resume");
      return false;
    }
    await new Promise<void>((resolve) =>
      session.post(
        "Runtime.evaluate",
        {
          expression: `globalThis[Symbol.for(${JSON.stringify(TERMINATION_KEY)})].release()`,
          silent: true,
        },
        () => resolve(),
      ),
    );
    Atomics.store(this.#flag, WAS_TERMINATED, 1);
    session.post("Debugger.resume", { terminateOnResume: true });
    return true;
  }

  #call(id: number, method: string, params: object): void {
    this.#calls += 1;
    this.#connected().post(method, params, (error, result) => {
      this.#calls -= 1;
      this.#send(
        error
          ? { is: "failure", id, message: error.message }
          : { is: "result", id, result: result ?? {} },
      );
      this.#closeUnused();
    });
  }

  #connected(): RemoteSession {
    if (this.#session) return this.#session;
    const session = new Session() as RemoteSession;
    session.connectToMainThread();
    session.on("inspectorNotification", (event) => this.#notice(event));
    this.#session = session;
    return session;
  }

  #closeUnused(): void {
    if (this.#isAttached || this.#calls > 0) return;
    this.#session?.disconnect();
    this.#session = undefined;
    this.#isPaused = false;
  }

  #notice({ method, params }: InspectorEvent): void {
    if (method === "Debugger.scriptParsed") {
      const { scriptId, url = "", sourceMapURL = "" } = params;
      // There may be thousands, and no frame of these is shown.
      if (url === "" || url.startsWith("node:")) return;
      if (url.startsWith(KERNEL_URL)) return;
      const script = { scriptId, url, sourceMapURL };
      this.#send({ is: "event", method, params: script });
      return;
    }
    if (method === "Debugger.paused") this.#isPaused = true;
    else if (method === "Debugger.resumed") this.#isPaused = false;
    else return;
    this.#send({ is: "event", method, params });
  }
}
