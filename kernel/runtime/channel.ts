/**
 * What the front process and the runtime say to each other over Node's IPC.
 *
 * Everything a cell shows carries the number of its run, so that it reaches the right cell in the
 * notebook, also after that cell has ended.
 */
import type { CompiledCell } from "../compiler/compiler";

/** MIME type to data, as Jupyter shows it. */
export type MimeBundle = Record<string, unknown>;

/** To the runtime: run this cell. */
export interface ExecuteCommand {
  readonly kind: "execute";
  /** Which run this is; unlike the execution count it never repeats. */
  readonly run: number;
  /** The name of the cell in stack traces, such as "In[3]". */
  readonly name: string;
  readonly source: string;
  readonly cell: CompiledCell;
}

/** To the runtime: the compiler checks this cell now; it will run next, if it passes. */
export interface ExpectCommand {
  readonly kind: "expect";
  readonly source: string;
}

/** To the runtime: let go of the cell that waits. A cell that keeps the thread busy reads no messages; the guard ends it. */
export interface InterruptCommand {
  readonly kind: "interrupt";
  /** `NO_RUN` if no cell runs. */
  readonly run: number;
  /** Counts up. */
  readonly interrupt: number;
}

/** A message of a comm, on its way to the page or from it. */
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

/** To the runtime: a comm's message for its listeners. */
export interface CommCommand {
  readonly kind: "comm";
  /** Given back when the listeners have returned. */
  readonly ticket: number;
  readonly message: CommMessage;
}

/** From the guard: what the user is to be asked. */
export interface InputQuestion {
  readonly id: number;
  readonly run: number;
  readonly prompt: string;
  /** Whether what is typed stays hidden. */
  readonly isPassword: boolean;
}

/** To the guard: what the user has typed, or why he could not be asked. */
export type InputAnswer =
  | { readonly id: number; readonly value: string }
  | { readonly id: number; readonly refusal: string };

/** To the guard: what is executed is to end by this interrupt. */
export interface StopMessage {
  /** The run that is interrupted; `NO_RUN` if no cell runs, so that only what keeps the main thread from hearing of it is to end. */
  readonly stop: number;
  readonly interrupt: number;
  /** Whether child processes get the signal: not if it is repeated by the kernel itself. */
  readonly children: boolean;
}

/** To the guard, on a socket of its own. */
export type GuardMessage = StopMessage | { readonly answer: InputAnswer };

/** What goes to the runtime. */
export type RuntimeCommand =
  ExecuteCommand | ExpectCommand | InterruptCommand | CommCommand;

/** An error as Jupyter's messages carry it. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** How a run ended. */
export type Outcome =
  | { readonly status: "ok"; readonly result?: MimeBundle }
  | ({ readonly status: "error" } & CellError);

/** A text that a cell has printed. */
export interface StreamEvent {
  readonly kind: "stream";
  readonly run: number;
  readonly name: "stdout" | "stderr";
  readonly text: string;
}

/** A display of rich data. */
export interface DisplayEvent {
  readonly kind: "display";
  readonly run: number;
  readonly data: MimeBundle;
  readonly metadata: Record<string, unknown>;
  readonly displayId?: string;
  /** Whether it replaces what is shown under `displayId`. */
  readonly update: boolean;
}

/** What the front process passes on of what comes from the runtime. */
export type ShownEvent = Exclude<
  RuntimeEvent,
  { kind: "ready" | "begun" | "done" }
>;

/** What comes from the runtime. */
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
  /** The code of a cell that awaits has begun to run: what it declares counts from now on, whatever becomes of the run. */
  | { readonly kind: "begun"; readonly run: number }
  | {
      readonly kind: "done";
      readonly run: number;
      readonly outcome: Outcome;
      /** Whether the cell's code has begun to run. */
      readonly hasBegun: boolean;
    };
