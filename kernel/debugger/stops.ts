/**
 * Decides whether the user sees a pause of the runtime, and continues or steps from it.
 *
 * The inspector also pauses where the user's text has no code, such as in checks that the kernel
 * adds, and at exceptions that the user does not want to see. From there, execution goes on at
 * once.
 */
import type { Debugger, Runtime } from "node:inspector";
import { coded } from "@convnotes/notebook/coded-error";
import type { Breakpoints } from "./breakpoints";
import type { Frame, Frames } from "./frames";
import type { InspectorClient } from "./inspector-client";
import { type PublishEvent, type StopReason, THREAD } from "./protocol";
import type { Scripts } from "./scripts";
import type { Texts } from "./texts";

/** A pause that the user sees. */
interface Pause {
  readonly frames: readonly Frame[];
  /** The exception at which it stopped, if it did. */
  readonly exception?: Runtime.RemoteObject;
  readonly isCaught: boolean;
}

/** A step that has not ended yet. */
interface Step {
  readonly method: StepMethod;
  /** The cell that was running. */
  readonly run: unknown;
}

type StepMethod =
  "Debugger.stepOver" | "Debugger.stepInto" | "Debugger.stepOut";

/** The number of awaiting callers in which a handler of an exception is searched. */
const ASYNC_DEPTH = 16;

/** What a debugger's stops depend on. */
interface StopsContext {
  readonly client: InspectorClient;
  readonly scripts: Scripts;
  readonly frames: Frames;
  readonly breakpoints: Breakpoints;
  readonly texts: Texts;
  readonly publish: PublishEvent;
  /** Returns what identifies the running cell; undefined if there is none. */
  readonly run: () => unknown;
}

/** The stops of the runtime. */
export class Stops {
  /** At which exceptions to stop: "caught", "uncaught" or both. */
  filters: ReadonlySet<string> = new Set();
  readonly #context: StopsContext;
  #pause: Pause | undefined;
  #step: Step | undefined;
  #isPauseWanted = false;
  /** Number of pauses and resumptions so far, by which an outdated one is recognized. */
  #changes = 0;

  constructor(context: StopsContext) {
    this.#context = context;
  }

  /** The pause that the user sees, if any. */
  get pause(): Pause | undefined {
    return this.#pause;
  }

  /** Returns a frame of the current pause; undefined for one of an earlier pause. */
  frame(id: unknown): Frame | undefined {
    return this.#pause?.frames.find((frame) => frame.id === id);
  }

  /** Tells the inspector at which exceptions to stop. */
  async applyFilters(): Promise<void> {
    const { client } = this.#context;
    // V8 counts every exception in a cell as caught, because the kernel reports it.
    const state = this.filters.size === 0 ? "none" : "all";
    await client.call("Debugger.setPauseOnExceptions", { state });
    const maxDepth = this.filters.size === 0 ? 0 : ASYNC_DEPTH;
    await client.call("Debugger.setAsyncCallStackDepth", { maxDepth });
  }

  /** Handles a pause of the inspector. */
  async paused(event: Debugger.PausedEventDataType): Promise<void> {
    const { client, frames, breakpoints, publish, run } = this.#context;
    this.#changes += 1;
    const change = this.#changes;
    const found = frames.of(event.callFrames);
    const isException = /^(?:exception|promiseRejection)$/.test(event.reason);
    const isCaught = isException && (await this.#isCaught(event));
    const hits = event.hitBreakpoints ?? [];
    const isStep = hits.length === 0 && !isException && this.#step;
    const isHidden =
      found.length === 0 ||
      (isException && !this.filters.has(isCaught ? "caught" : "uncaught")) ||
      (isStep && (await this.#isBetween(event, found)));
    if (change !== this.#changes) return;
    if (isHidden) {
      // A step that has left its cell ends there.
      if (this.#step?.run !== run()) this.#step = undefined;
      await client.call(this.#step?.method ?? "Debugger.resume");
      return;
    }
    const reason: StopReason = isException
      ? "exception"
      : isStep
        ? "step"
        : this.#isPauseWanted && hits.length === 0
          ? "pause"
          : "breakpoint";
    this.#step = undefined;
    this.#isPauseWanted = false;
    const exception = isException
      ? { exception: event.data as Runtime.RemoteObject }
      : {};
    this.#pause = { frames: found, isCaught, ...exception };
    await client.ask("release");
    const [line = ""] = (exception.exception?.description ?? "").split("\n");
    publish("stopped", {
      reason,
      threadId: THREAD,
      allThreadsStopped: true,
      ...(hits.length > 0 ? { hitBreakpointIds: breakpoints.hit(hits) } : {}),
      ...(isException
        ? { description: "Paused on exception", text: line }
        : {}),
    });
  }

  /** Handles the inspector's message that execution goes on. */
  resumed(): void {
    this.#changes += 1;
    if (this.#pause === undefined) return;
    this.#pause = undefined;
    this.#context.publish("continued", {
      threadId: THREAD,
      allThreadsContinued: true,
    });
  }

  /** Forgets the pause, after the runtime or the session has ended. */
  reset(): void {
    this.#step = undefined;
    this.#isPauseWanted = false;
    this.resumed();
  }

  /** Continues to the next breakpoint. */
  async continue(): Promise<void> {
    this.#expectPause();
    this.#step = undefined;
    await this.#context.client.call("Debugger.resume");
  }

  /** Continues to the next line, function or caller. */
  async step(method: StepMethod): Promise<void> {
    this.#expectPause();
    this.#step = { method, run: this.#context.run() };
    await this.#context.client.call(method);
  }

  /** Pauses running code, or the next code that runs. */
  async pauseNow(): Promise<void> {
    this.#isPauseWanted = true;
    await this.#context.client.call("Debugger.pause");
  }

  #expectPause(): void {
    if (this.#pause) return;
    throw coded(
      "ERR_INVALID_STATE",
      new Error("Expected code that has stopped, but none has."),
    );
  }

  /**
   * Returns whether a step has not reached the user's next code yet: it is in another cell, in code
   * of the kernel, or in code that the kernel has added.
   */
  async #isBetween(
    event: Debugger.PausedEventDataType,
    [top]: readonly Frame[],
  ): Promise<boolean> {
    const { frames, run } = this.#context;
    if (this.#step?.run !== run()) return true;
    if (top === undefined || top.call !== event.callFrames[0]) return true;
    return top.place === undefined || (await frames.isAtAddition(top));
  }

  /** Returns whether a function of the user, or an awaiting caller, catches an exception. */
  async #isCaught(event: Debugger.PausedEventDataType): Promise<boolean> {
    const { scripts, texts } = this.#context;
    const places = [
      ...event.callFrames.map(({ location }) => location),
      ...asyncFrames(event.asyncStackTrace),
    ];
    for (const { scriptId, ...position } of places) {
      const script = scripts.find(scriptId);
      const place = script?.original(position);
      if (place && (await texts.catches(script!.path, place))) return true;
    }
    return false;
  }
}

function asyncFrames(
  trace: Runtime.StackTrace | undefined,
): readonly Runtime.CallFrame[] {
  if (trace === undefined) return [];
  return [...trace.callFrames, ...asyncFrames(trace.parent)];
}
