/**
 * What libraries find of the notebook, under `Symbol.for("convnotes.notebook")` on `globalThis`.
 */
import type { MimeBundle } from "./channel";
import type { Comm, CommExtras, CommOpener, Comms } from "./comms";
import type { DisplayOptions, Gallery } from "./display";

/** The symbol under which the host lies; registered, so that a library need not import the kernel. */
const HOST = Symbol.for("convnotes.notebook");

/** What a library may ask of the notebook. */
export interface NotebookHost {
  /** Shows a bundle in the cell that the code now executing belongs to. */
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Takes away what the cell has shown so far; with `wait`, when the next output comes. */
  clear(wait?: boolean): void;
  /** Opens a comm to what the page knows under this name. */
  openComm(
    target: string,
    data?: Record<string, unknown>,
    extras?: CommExtras,
  ): Comm;
  /** Answers comms that the page opens to this name. */
  registerCommTarget(name: string, opener: CommOpener): void;
}

/** Puts the host where libraries look for it. */
export function installNotebookHost(gallery: Gallery, comms: Comms): void {
  const host: NotebookHost = {
    display: (bundle, options) => gallery.show(bundle, options),
    clear: (wait) => gallery.clear(wait),
    openComm: (target, data, extras) => comms.open(target, data, extras),
    registerCommTarget: (name, opener) => comms.registerTarget(name, opener),
  };
  Object.defineProperty(globalThis, HOST, { configurable: true, value: host });
}
