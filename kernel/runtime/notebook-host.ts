/**
 * Provides libraries with an interface to the notebook, under `Symbol.for("convnotes.notebook")` on
 * `globalThis`.
 */
import { currentLog } from "../log";
import type { MimeBundle } from "./channel";
import type { Comm, CommExtras, CommOpener, Comms } from "./comms";
import type { DisplayOptions, DisplayPublisher } from "./display";

/** Key of the host object; a registered symbol, so that libraries need not import the kernel. */
const HOST = Symbol.for("convnotes.notebook");

/** The interface of the notebook for libraries. */
export interface NotebookHost {
  /** Displays a bundle in the cell of the code that is executing. */
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
  /** Writes a line to the kernel's log, if there is one. */
  log(line: string): void;
}

/** Installs the host object on `globalThis`. */
export function installNotebookHost(
  publisher: DisplayPublisher,
  comms: Comms,
): void {
  const host: NotebookHost = {
    display: (bundle, options) => publisher.show(bundle, options),
    clear: (wait) => publisher.clear(wait),
    openComm: (target, data, extras) => comms.open(target, data, extras),
    registerCommTarget: (name, opener) => comms.registerTarget(name, opener),
    log: (line) => currentLog()?.writeLine(line),
  };
  Object.defineProperty(globalThis, HOST, { configurable: true, value: host });
}
