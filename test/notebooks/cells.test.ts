/**
 * Every notebook's code cells pass the compiler that the kernel uses, cell after cell, without being run.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { CheckedCompiler } from "../../kernel/compiler/checked-compiler";
import { compilerSettings } from "../../kernel/compiler/settings";
import { toTypeError } from "../../kernel/front/type-errors";

const projectFolder = join(__dirname, "..", "..");
const notebookFolder = join(projectFolder, "notebooks");

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly metadata: { readonly tags?: readonly string[] };
}

let compiler: CheckedCompiler;
before(() => {
  compiler = new CheckedCompiler(compilerSettings("checked", notebookFolder));
});

const notebooks = existsSync(notebookFolder)
  ? readdirSync(notebookFolder).filter((name) => name.endsWith(".ipynb"))
  : [];

test("there are notebooks for the rows that they mirror", () => {
  const hasRows = existsSync(join(notebookFolder, "rows.json"));
  assert.ok(
    notebooks.length > 0 || !hasRows,
    "Expected notebooks beside rows.json, found none.",
  );
});

for (const name of notebooks) {
  test(`the cells of ${name} compile, one after the other`, async () => {
    await compiler.reset();
    const { cells } = JSON.parse(
      readFileSync(join(notebookFolder, name), "utf8"),
    ) as { cells: readonly Cell[] };
    for (const [index, cell] of cells.entries()) {
      if (cell.cell_type !== "code") continue;
      const source = [cell.source].flat().join("");
      if (source.trim() === "") continue;
      const { diagnostics } = await compiler.compile(source);
      if (diagnostics === undefined) {
        await compiler.commit();
        continue;
      }
      // Jupyter's own tag for a cell that is meant to fail.
      if (cell.metadata.tags?.includes("raises-exception")) continue;
      const { evalue, traceback } = toTypeError(
        source,
        `${index} of ${name}`,
        diagnostics,
      );
      assert.fail(
        `Expected cell ${index} (counted from 0) of ${name} to compile, received ${evalue}\n${traceback.join("\n")}`,
      );
    }
  });
}
