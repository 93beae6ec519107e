/**
 * Tests that every notebook's code cells compile in the kernel's compiler, in order, without
 * running them.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { CheckedCompiler } from "../../kernel/compiler/checked-compiler";
import { compilerSettings } from "../../kernel/compiler/settings";
import { toTypeError } from "../../kernel/front/type-errors";
import { studentCopy } from "../../scripts/handouts/lab-copies";
import {
  readNotebook,
  sourceOf,
  type Cell,
  type Notebook,
} from "../../scripts/handouts/notebook";

const projectFolder = join(__dirname, "..", "..");
const notebookFolder = join(projectFolder, "notebooks");

let compiler: CheckedCompiler;
before(() => {
  compiler = new CheckedCompiler(compilerSettings("checked", notebookFolder));
});

const lessons = existsSync(notebookFolder)
  ? readdirSync(notebookFolder).filter((name) => name.endsWith(".ipynb"))
  : [];
const labs = readdirSync(join(notebookFolder, "labs")).filter((name) =>
  name.endsWith(".ipynb"),
);

/** The notebooks by name, and the student's copies of the labs, whose gaps have to compile. */
const notebooks: Readonly<Record<string, () => Notebook>> = {
  ...Object.fromEntries(
    [...lessons, ...labs.map((name) => join("labs", name))].map((name) => [
      name,
      () => readNotebook(join(notebookFolder, name)),
    ]),
  ),
  ...Object.fromEntries(
    labs.map((name) => [
      `the student's copy of ${name}`,
      () => studentCopy(readNotebook(join(notebookFolder, "labs", name))),
    ]),
  ),
};

test("there are notebooks for the rows in rows.json", () => {
  const hasRows = existsSync(join(notebookFolder, "rows.json"));
  assert.ok(
    lessons.length > 0 || !hasRows,
    "Expected notebooks beside rows.json, found none.",
  );
});

/**
 * The cell that papermill inserts after the parameters, with strings and numbers: its types are
 * wider than the cell's.
 */
const injected = 'let mode = "quick";\nlet seed = 7;';

for (const [name, read] of Object.entries(notebooks)) {
  for (const parameters of ["its own parameters", "papermill's"] as const) {
    test(`the cells of ${name} compile in order, with ${parameters}`, async () => {
      await compiler.reset();
      const { cells } = read();
      let injections = 0;
      for (const [index, cell] of cells.entries()) {
        if (cell.cell_type !== "code") continue;
        const source = sourceOf(cell);
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
  position: string,
): Promise<void> {
  const { diagnostics } = await compiler.compile(source);
  if (diagnostics === undefined) {
    await compiler.commit();
    return;
  }
  // Jupyter's tag for a cell that is expected to fail.
  if (metadata.tags?.includes("raises-exception")) return;
  const { evalue, traceback } = toTypeError(source, position, diagnostics);
  assert.fail(
    `Expected cell ${position} (counted from 0) to compile, received ${evalue}\n${traceback.join("\n")}`,
  );
}
