/**
 * Creates the compiler that the settings select.
 */
import { createRequire } from "node:module";
import type { Compiler } from "./compiler";
import type { CompilerSettings } from "./settings";

/** Creates a compiler. Only the selected implementation is loaded. */
export function createCompiler(settings: CompilerSettings): Compiler {
  const load = createRequire(__filename);
  if (settings.compiler === "tslab") {
    const { TslabCompiler } = load(
      "./tslab-compiler",
    ) as typeof import("./tslab-compiler");
    return new TslabCompiler(settings.projectFolder, settings.notebookFolder);
  }
  const { CheckedCompiler } = load(
    "./checked-compiler",
  ) as typeof import("./checked-compiler");
  return new CheckedCompiler(settings);
}
