/**
 * Defines the contract between a kernel and the libraries that its cells import.
 *
 * Neither imports the other: the kernel stores a {@link NotebookHost} on `globalThis` under a
 * registered symbol. Without it (in a script or a test) the library prints text instead.
 */
import type { MimeBundle } from "./mime";

/** Key of the kernel's {@link NotebookHost}: `Symbol.for("convnotes.notebook")`. */
export const notebookHostKey: unique symbol = Symbol.for("convnotes.notebook");

/** Options for sending a MIME bundle. */
export interface DisplayOptions {
  /** Identifier of the output block, unique in the notebook, for later updates. */
  readonly displayId?: string | undefined;
  /** Whether to replace the block of that identifier instead of adding one. Default: false. */
  readonly update?: boolean | undefined;
  /** Jupyter's metadata for the MIME types of the bundle. */
  readonly metadata?: Record<string, unknown> | undefined;
}

/** Optional parts of a comm message. */
export interface CommExtras {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Binary buffers, which are not encoded as JSON. */
  readonly buffers?: readonly Uint8Array[];
}

/** Called with the data and the buffers of a message from the page. */
export type CommListener = (
  data: Record<string, unknown>,
  buffers: readonly Uint8Array[],
) => void;

/**
 * A connection between a cell's code and the notebook page
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages).
 */
export interface Comm {
  readonly id: string;
  /** The name of the target at the other end. */
  readonly target: string;
  /** Whether neither end has closed the comm. */
  readonly isOpen: boolean;
  /** Sends data to the page. Throws an Error (ERR_INVALID_STATE) if the comm has been closed. */
  send(data: Record<string, unknown>, extras?: CommExtras): void;
  /** Adds a listener that is called with each message from the page. */
  onMessage(listener: CommListener): void;
  /** Adds a listener that is called when the page closes the comm. */
  onClose(listener: CommListener): void;
  /** Closes the comm. Does nothing if it is already closed. */
  close(data?: Record<string, unknown>, extras?: CommExtras): void;
}

/** Called when the page opens a comm. */
export type CommOpener = (
  comm: Comm,
  data: Record<string, unknown>,
  buffers: readonly Uint8Array[],
) => void;

/** The kernel's interface for the code of cells. */
export interface NotebookHost {
  /** Displays a MIME bundle below the cell of the code that is executing. */
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Clears the cell's output. With `wait`, clears it when the next output arrives. */
  clear(wait?: boolean): void;
  /** Opens a comm to a target that is registered in the page. */
  openComm(
    target: string,
    data?: Record<string, unknown>,
    extras?: CommExtras,
  ): Comm;
  /** Registers a target, whose opener is called for each comm that the page opens. */
  registerCommTarget(name: string, opener: CommOpener): void;
  /**
   * Whether a user can answer the cell of the code that is executing: false for programs that
   * execute notebooks.
   */
  isInteractive?(): boolean;
  /** Writes a line to the kernel's log, if there is one. */
  log?(line: string): void;
}

/** Returns the notebook that this process runs cells for, or undefined in plain Node. */
export function notebookHost(): NotebookHost | undefined {
  return (globalThis as { [notebookHostKey]?: NotebookHost })[notebookHostKey];
}
