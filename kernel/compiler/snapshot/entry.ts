/**
 * Entry point of the compiler process that is started from a snapshot of its heap.
 *
 * Set-up runs this file once (`node --build-snapshot`). Node saves the heap at its end: TypeScript,
 * the parsed standard library and declarations of some packages, and a checker that has been warmed
 * up. A kernel that starts from the snapshot has checked its first cell in a third of the time that
 * loading TypeScript takes. See https://nodejs.org/api/v8.html#startup-snapshot-api.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { isDeepStrictEqual } from "node:util";
import { startupSnapshot } from "node:v8";
import ts from "typescript";
import { MagicCompiler } from "../../magics/compiler/magic-compiler";
import { CheckedCompiler } from "../checked-compiler";
import { FileStore } from "../checker/file-store";
import { serveCompiler } from "../compiler-service";
import type { CompilerSettings } from "../settings";
import type { SnapshotContents } from "./snapshot-file";

/** Cells that warm up the code paths of the checker and the writer that every notebook uses. */
const WARM_CELLS = [
  "const a = 1 + 1; a",
  "for (const [index, name] of ['a', 'b'].entries()) console.log(index, name)",
  "const square = async (x: number) => x ** 2; await square(3)",
];

/** Creates a compiler, compiles these cells with it and resets it. */
async function prepare(
  settings: CompilerSettings,
  files: FileStore,
  cells: readonly string[],
): Promise<CheckedCompiler> {
  const compiler = new CheckedCompiler(settings, files);
  for (const source of cells) {
    const { diagnostics } = await compiler.compile(source);
    if (diagnostics) {
      throw coded(
        "ERR_INTERNAL",
        new Error(
          `Expected the snapshot's cells to compile without errors, received: ${diagnostics[0]?.message}`,
        ),
      );
    }
    await compiler.commit();
  }
  await compiler.reset();
  return compiler;
}

async function main(): Promise<void> {
  const { settings, modules } = JSON.parse(
    process.env.CONVNOTES_SNAPSHOT ?? "",
  ) as SnapshotContents;
  const files = new FileStore();
  const imports = modules.map((name) => `import ${JSON.stringify(name)};`);
  // In a separate compiler: the global declarations of packages must not be visible before a cell
  // imports them.
  await prepare(settings, files, [imports.join("\n")]);
  const prepared = await prepare(settings, files, WARM_CELLS);
  startupSnapshot.setDeserializeMainFunction(() => {
    files.invalidate();
    serveCompiler((asked) => {
      const isPrepared =
        isDeepStrictEqual(asked, settings) && prepared.isCurrent;
      return new MagicCompiler(
        isPrepared ? prepared : new CheckedCompiler(asked, files),
        () => ts,
      );
    });
  });
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
