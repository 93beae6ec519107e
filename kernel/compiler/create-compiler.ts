/**
 * Creates the compiler that the settings select.
 */
import { createRequire } from "node:module";
import { MagicCompiler } from "../magics/compiler/magic-compiler";
import type { Compiler } from "./compiler";
import type { CompilerSettings } from "./settings";

/** Creates a compiler of cells with magics. Only the selected implementation is loaded. */
export function createCompiler(settings: CompilerSettings): Compiler {
  const load = createRequire(__filename);
  return new MagicCompiler(
    selectedCompiler(settings, load),
    () => load("typescript") as typeof import("typescript"),
  );
}

function selectedCompiler(
  settings: CompilerSettings,
  load: NodeJS.Require,
): Compiler {
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
