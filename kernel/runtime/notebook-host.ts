/**
 * Provides libraries with an interface to the notebook, under `Symbol.for("convnotes.notebook")` on
 * `globalThis`.
 */
import { type NotebookHost, notebookHostKey } from "@convnotes/notebook/host";
import { currentLog } from "../log";
import type { Comms } from "./comms";
import type { DisplayPublisher } from "./display";

/** Installs the host object on `globalThis`. */
export function installNotebookHost(
  publisher: DisplayPublisher,
  comms: Comms,
  isInteractive: () => boolean,
): void {
  const host: NotebookHost = {
    display: (bundle, options) => publisher.show(bundle, options),
    clear: (wait) => publisher.clear(wait),
    openComm: (target, data, extras) => comms.open(target, data, extras),
    registerCommTarget: (name, opener) => comms.registerTarget(name, opener),
    isInteractive,
    log: (line) => currentLog()?.writeLine(line),
  };
  Object.defineProperty(globalThis, notebookHostKey, {
    configurable: true,
    value: host,
  });
}
