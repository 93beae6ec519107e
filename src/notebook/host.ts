/**
 * The notebook this process runs cells for, if it runs cells for one.
 *
 * The library does not import the kernel: the kernel leaves an object under a well-known symbol, and where there is
 * none (a script, a test) the library prints text instead.
 */
import type { MimeBundle } from "./mime";

/** Where the kernel leaves its {@link NotebookHost} on `globalThis`. */
export const notebookHostKey = Symbol.for("convnotes.notebook");

/** How a bundle is sent: under which name it can be replaced, and whether this one replaces an earlier one. */
export interface DisplayOptions {
  /** Name of the output block, unique in the notebook, so that a later bundle can take its place. */
  readonly displayId?: string;
  /** Replace the block of that name instead of adding one. */
  readonly update?: boolean;
  /** Jupyter's metadata for the MIME types of the bundle. */
  readonly metadata?: Record<string, unknown>;
}

/** One connection between the code of a cell and the notebook's page. */
export interface Comm {
  readonly id: string;
  /** Sends data, and bytes that travel as they are, to the page. */
  send(
    data: Record<string, unknown>,
    extras?: { readonly buffers?: readonly Uint8Array[] },
  ): void;
  /** Calls the listener with each message of the page. */
  onMessage(
    listener: (
      data: Record<string, unknown>,
      buffers: readonly Uint8Array[],
    ) => void,
  ): void;
  /** Ends the connection; the page takes away what belongs to it. */
  close(): void;
}

/** What the kernel offers the code of a cell. */
export interface NotebookHost {
  /** Puts a MIME bundle below the cell that is running. */
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Opens a comm to what the page knows under the target's name. */
  openComm(
    target: string,
    data: Record<string, unknown>,
    extras?: {
      readonly metadata?: Readonly<Record<string, unknown>>;
      readonly buffers?: readonly Uint8Array[];
    },
  ): Comm;
  /** Answers comms that the page opens to this name. */
  registerCommTarget(name: string, opener: (comm: Comm) => void): void;
}

/** The notebook this process runs cells for, or undefined in plain Node. */
export function notebookHost(): NotebookHost | undefined {
  return (globalThis as { [notebookHostKey]?: NotebookHost })[notebookHostKey];
}
