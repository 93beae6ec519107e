/**
 * The process of the compiler, as it is written to disk with its heap and woken up again.
 *
 * Node runs this file once, at set-up (`node --build-snapshot`), and keeps what is in memory at its end: TypeScript, the
 * standard library and the declarations of some packages, all parsed, and a checker that has worked a little. A kernel that
 * starts from there has its first cell checked in a third of the time that loading TypeScript takes. See
 * https://nodejs.org/api/v8.html#startup-snapshot-api.
 */
import { isDeepStrictEqual } from "node:util";
import { startupSnapshot } from "node:v8";
import { CheckedCompiler } from "../checked-compiler";
import { FileStore } from "../checker/file-store";
import { serveCompiler } from "../compiler-service";
import type { CompilerSettings } from "../settings";
import type { SnapshotContents } from "./snapshot-file";

/** Cells by which the checker and the writer have been through what each notebook asks of them. */
const WARM_CELLS = [
  "const a = 1 + 1; a",
  "for (const [index, name] of ['a', 'b'].entries()) console.log(index, name)",
  "const square = async (x: number) => x ** 2; await square(3)",
];

/** Shows a fresh compiler these cells, and lets it forget them. */
async function prepare(
  settings: CompilerSettings,
  files: FileStore,
  cells: readonly string[],
): Promise<CheckedCompiler> {
  const compiler = new CheckedCompiler(settings, files);
  for (const source of cells) {
    const { diagnostics } = await compiler.compile(source);
    if (diagnostics) {
      throw new Error(
        `Expected cells without errors for the snapshot, received ${diagnostics[0]?.message}.`,
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
  // By another one: what packages declare globally is not there before a cell imports them.
  await prepare(settings, files, [imports.join("\n")]);
  const prepared = await prepare(settings, files, WARM_CELLS);
  startupSnapshot.setDeserializeMainFunction(() => {
    files.distrust();
    serveCompiler((asked) =>
      isDeepStrictEqual(asked, settings) && prepared.isCurrent
        ? prepared
        : new CheckedCompiler(asked, files),
    );
  });
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
