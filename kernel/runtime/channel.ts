/**
 * Defines the messages between the front process and the runtime over Node's IPC.
 *
 * Each output event has the number of its run, so that it reaches the right cell in the
 * notebook, even after that cell has ended.
 */
import type { MimeBundle } from "@convnotes/notebook/mime";
import type { CompiledCell } from "../compiler/compiler";
import type { DebugCommand, DebugNotice } from "../debugger/channel";

/** Tells the runtime to run a cell. */
export interface ExecuteCommand {
  readonly kind: "execute";
  /** Number of the run; unlike the execution count, it is never repeated. */
  readonly run: number;
  /** The name of the cell in stack traces, such as "In[3]". */
  readonly name: string;
  readonly source: string;
  readonly cell: CompiledCell;
  /** Whether a user can answer the cell. */
  readonly isInteractive?: boolean;
}

/** Announces to the runtime the cell that is being compiled and will probably run next. */
interface ExpectCommand {
  readonly kind: "expect";
  readonly source: string;
}

/**
 * Tells the runtime to interrupt a waiting cell. A busy cell prevents messages from being read; the
 * guard ends it.
 */
interface InterruptCommand {
  readonly kind: "interrupt";
  /** The run, or `NO_RUN` if no cell is running. */
  readonly run: number;
  /** Number of the interrupt, counted up. */
  readonly interrupt: number;
}

/** A comm message to or from the page. */
export interface CommMessage {
  readonly action: "open" | "message" | "close";
  readonly id: string;
  /** The target's name, in the first message only. */
  readonly target?: string;
  readonly data: Record<string, unknown>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Bytes in base64. */
  readonly buffers: readonly string[];
}

/** Sends a comm message to its listeners in the runtime. */
export interface CommCommand {
  readonly kind: "comm";
  /** Returned in `comm-handled` when the listeners have returned. */
  readonly ticket: number;
  readonly message: CommMessage;
}

/** A question to the user, sent by the guard. */
export interface InputQuestion {
  readonly id: number;
  readonly run: number;
  readonly prompt: string;
  /** Whether typed text is hidden. */
  readonly isPassword: boolean;
}

/** The user's answer or the reason why there is none, sent to the guard. */
export type InputAnswer =
  | { readonly id: number; readonly value: string }
  | { readonly id: number; readonly refusal: string };

/** Tells the guard to end the running code. */
export interface StopMessage {
  /**
   * The interrupted run. `NO_RUN` if no cell is running; then only code that keeps the main thread
   * busy is ended.
   */
  readonly stop: number;
  readonly interrupt: number;
  /** Whether child processes receive the signal; false for interrupts that the kernel repeats. */
  readonly children: boolean;
}

/** A message to the guard, on its own socket. */
export type GuardMessage =
  | StopMessage
  | { readonly answer: InputAnswer }
  | { readonly debug: DebugCommand };

/** A message from the guard, on its own socket. */
export type GuardNotice = InputQuestion | { readonly debug: DebugNotice };

/** A message to the runtime. */
export type RuntimeCommand =
  ExecuteCommand | ExpectCommand | InterruptCommand | CommCommand;

/** An error in the form of Jupyter's messages. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** The outcome of a run. */
export type Outcome =
  | { readonly status: "ok"; readonly result?: MimeBundle | undefined }
  | ({ readonly status: "error" } & CellError);

/** Text printed by a cell. */
export interface StreamEvent {
  readonly kind: "stream";
  readonly run: number;
  readonly name: "stdout" | "stderr";
  readonly text: string;
}

/** A display of rich data by a cell. */
interface DisplayEvent {
  readonly kind: "display";
  readonly run: number;
  readonly data: MimeBundle;
  readonly metadata: Record<string, unknown>;
  readonly displayId?: string | undefined;
  /** Whether it replaces the display with the same `displayId`. */
  readonly update: boolean;
}

/** An event of the runtime that the front process publishes. */
export type ShownEvent = Exclude<
  RuntimeEvent,
  { kind: "ready" | "begun" | "done" }
>;

/** An event of the runtime. */
export type RuntimeEvent =
  | { readonly kind: "ready" }
  | StreamEvent
  | DisplayEvent
  | { readonly kind: "clear"; readonly run: number; readonly wait: boolean }
  | {
      readonly kind: "comm";
      readonly run: number;
      readonly message: CommMessage;
    }
  | { readonly kind: "comm-target"; readonly name: string }
  | { readonly kind: "comm-handled"; readonly ticket: number }
  /**
   * The code of an asynchronous cell has begun to run: its declarations are valid from now on, even
   * if it fails.
   */
  | { readonly kind: "begun"; readonly run: number }
  | {
      readonly kind: "done";
      readonly run: number;
      readonly outcome: Outcome;
      /** Whether the cell's code has begun to run. */
      readonly hasBegun: boolean;
    };
