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

/** What papermill puts behind the cell of parameters, each as a text or a number: its own types are wider than the cell's. */
const injected = 'let mode = "quick";\nlet seed = 7;';

for (const name of notebooks) {
  for (const parameters of ["its own parameters", "papermill's"] as const) {
    test(`the cells of ${name} compile, one after the other, with ${parameters}`, async () => {
      await compiler.reset();
      const { cells } = JSON.parse(
        readFileSync(join(notebookFolder, name), "utf8"),
      ) as { cells: readonly Cell[] };
      let injections = 0;
      for (const [index, cell] of cells.entries()) {
        if (cell.cell_type !== "code") continue;
        const source = [cell.source].flat().join("");
        if (source.trim() === "") continue;
        await compile(source, cell, `${index} of ${name}`);
        if (
          parameters === "papermill's" &&
          cell.metadata.tags?.includes("parameters")
        ) {
          await compile(injected, cell, `of parameters in ${name}`);
          injections += 1;
        }
      }
      assert.equal(injections, parameters === "papermill's" ? 1 : 0);
    });
  }
}

async function compile(
  source: string,
  { metadata }: Cell,
  place: string,
): Promise<void> {
  const { diagnostics } = await compiler.compile(source);
  if (diagnostics === undefined) {
    await compiler.commit();
    return;
  }
  // Jupyter's own tag for a cell that is meant to fail.
  if (metadata.tags?.includes("raises-exception")) return;
  const { evalue, traceback } = toTypeError(source, place, diagnostics);
  assert.fail(
    `Expected cell ${place} (counted from 0) to compile, received ${evalue}\n${traceback.join("\n")}`,
  );
}
