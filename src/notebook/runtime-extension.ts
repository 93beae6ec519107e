/**
 * Extensions of a kernel by libraries: displays of their values, and what they need when a cell is
 * interrupted.
 *
 * A kernel stores an {@link ExtensionRegistry} on `globalThis` under a registered symbol. A library
 * registers its extension when it is loaded. For a library that knows no kernel, another package
 * can do so: its package.json names a module for it, which the kernel loads after the library
 * (`docs/kernel.md`, "Extensions").
 */
import type { InterruptibleRuns } from "./interruptible-runs";
import type { RepairableState } from "./repairable-state";
import type { ValueDisplay } from "./value-display";

/** Key of the kernel's {@link ExtensionRegistry}: `Symbol.for("convnotes.extensions")`. */
export const extensionsKey: unique symbol = Symbol.for("convnotes.extensions");

/** What a library adds to the process that runs its cells. */
export interface RuntimeExtension {
  /** Tried in this order, after those of extensions that were registered before. */
  readonly displays?: readonly ValueDisplay[];
  readonly runs?: InterruptibleRuns;
  readonly state?: RepairableState;
}

/** The extensions of a kernel. */
export interface ExtensionRegistry {
  /** Adds an extension until the process ends. */
  register(extension: RuntimeExtension): void;
}

/** What a module that a package.json names as an extension exports. */
export interface ExtensionModule {
  /**
   * Called once for each copy of the extended package that the process has loaded.
   *
   * @param loaded What the package exports.
   */
  extend(loaded: unknown): void;
}

/** Registers an extension. Does nothing in plain Node, where there is no kernel. */
export function registerExtension(extension: RuntimeExtension): void {
  const { [extensionsKey]: registry } = globalThis as {
    [extensionsKey]?: ExtensionRegistry;
  };
  registry?.register(extension);
}
