/**
 * Declares the parts of the Debug Adapter Protocol that this debugger uses
 * (https://microsoft.github.io/debug-adapter-protocol/specification), with the requests that Jupyter
 * adds (https://jupyter-client.readthedocs.io/en/stable/messaging.html#debug-request).
 */
import type { JsonObject } from "../wire/message";

/** A request of a client. */
export interface DebugRequest {
  readonly seq: number;
  readonly command: string;
  readonly arguments?: JsonObject;
}

/** The text that a breakpoint or a frame belongs to. */
export interface Source {
  readonly path: string;
  readonly name?: string;
}

/** A breakpoint as a client wants it. */
export interface SourceBreakpoint {
  readonly line: number;
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

/** A breakpoint as it was set. */
export interface Breakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly line: number;
  readonly source: Source;
  /** Why it was not set. */
  readonly message?: string;
}

/** A frame of the stack. */
export interface StackFrame {
  readonly id: number;
  readonly name: string;
  readonly source: Source;
  readonly line: number;
  readonly column: number;
}

/** A group of variables. */
export interface Scope {
  readonly name: string;
  readonly variablesReference: number;
  readonly expensive: boolean;
  readonly presentationHint?: "locals";
}

/** Why the code has stopped. */
export type StopReason = "breakpoint" | "exception" | "pause" | "step";

/** The events of this debugger, with their bodies. */
export interface DebugEvents {
  readonly initialized: JsonObject;
  readonly terminated: JsonObject;
  readonly thread: {
    readonly reason: "started" | "exited";
    readonly threadId: number;
  };
  readonly stopped: {
    readonly reason: StopReason;
    readonly threadId: number;
    readonly allThreadsStopped: true;
    readonly hitBreakpointIds?: readonly number[];
    readonly description?: string;
    readonly text?: string;
  };
  readonly continued: {
    readonly threadId: number;
    readonly allThreadsContinued: true;
  };
  readonly output: { readonly category: "console"; readonly output: string };
  readonly breakpoint: {
    readonly reason: "changed";
    readonly breakpoint: Breakpoint;
  };
}

/** Publishes an event. */
export type PublishEvent = <Name extends keyof DebugEvents>(
  event: Name,
  body: DebugEvents[Name],
) => void;

/** The only thread that runs cells. */
export const THREAD = 1;

/** What a client may ask of this debugger, and its filters of exceptions. */
export const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsEvaluateForHovers: true,
  supportsExceptionInfoRequest: true,
  supportsModulesRequest: true,
  supportsTerminateRequest: true,
  supportsDelayedStackTraceLoading: true,
  exceptionBreakpointFilters: [
    { filter: "caught", label: "Caught Exceptions", default: false },
    { filter: "uncaught", label: "Uncaught Exceptions", default: false },
  ],
} as const;
