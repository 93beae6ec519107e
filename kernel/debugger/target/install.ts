/**
 * Makes the debugger's part in the runtime's main thread available to the inspector, as a property
 * of `globalThis`. It is loaded at its first use.
 */
import { createRequire } from "node:module";
import type { DebugTarget, TargetContext } from "./debug-target";

/** Key of the global symbol of the {@link DebugTarget}. */
export const TARGET_KEY = "convnotes.kernel.debugger";

/** Installs the property. */
export function installDebugTarget(context: TargetContext): void {
  let target: DebugTarget | undefined;
  Object.defineProperty(globalThis, Symbol.for(TARGET_KEY), {
    get: () => (target ??= create(context)),
  });
}

function create(context: TargetContext): DebugTarget {
  const { DebugTarget } = createRequire(__filename)(
    "./debug-target",
  ) as typeof import("./debug-target");
  return new DebugTarget(context);
}
