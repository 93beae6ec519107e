/**
 * Access to the notebook that this process runs cells for, if there is one.
 *
 * The library does not import the kernel. The kernel stores an object under a well-known symbol;
 * without it (in a script or a test) the library prints text instead.
 */
import type { MimeBundle } from "./mime";

/** Key of the kernel's {@link NotebookHost} on `globalThis`. */
export const notebookHostKey = Symbol.for("convnotes.notebook");

/** Options for sending a MIME bundle. */
export interface DisplayOptions {
  /** Identifier of the output block, unique in the notebook, for later updates. */
  readonly displayId?: string;
  /** Whether to replace the block of that identifier instead of adding one. */
  readonly update?: boolean;
  /** Jupyter's metadata for the MIME types of the bundle. */
  readonly metadata?: Record<string, unknown>;
}

/** A connection between a cell's code and the notebook page. */
export interface Comm {
  readonly id: string;
  /** Sends data to the page, with optional binary buffers. */
  send(
    data: Record<string, unknown>,
    extras?: { readonly buffers?: readonly Uint8Array[] },
  ): void;
  /** Calls the listener for each message from the page. */
  onMessage(
    listener: (
      data: Record<string, unknown>,
      buffers: readonly Uint8Array[],
    ) => void,
  ): void;
  /** Closes the connection; the page removes what belongs to it. */
  close(): void;
}

/** The kernel's interface for the code of cells. */
export interface NotebookHost {
  /** Displays a MIME bundle below the running cell. */
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Opens a comm to the page's handler for a target name. */
  openComm(
    target: string,
    data: Record<string, unknown>,
    extras?: {
      readonly metadata?: Readonly<Record<string, unknown>>;
      readonly buffers?: readonly Uint8Array[];
    },
  ): Comm;
  /** Registers a handler for comms that the page opens under a target name. */
  registerCommTarget(name: string, opener: (comm: Comm) => void): void;
  /** Writes a line to the kernel's log. */
  log?(line: string): void;
}

/** Returns the notebook that this process runs cells for, or undefined in plain Node. */
export function notebookHost(): NotebookHost | undefined {
  return (globalThis as { [notebookHostKey]?: NotebookHost })[notebookHostKey];
}
