/**
 * Tests a notebook of two thousand cells, each of which depends on the previous one: more than a
 * new checker can process at once.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { CheckedCompiler } from "../../kernel/compiler/checked-compiler";
import { compilerSettings } from "../../kernel/compiler/settings";
import { projectFolder } from "../kernel/kernel-client";

const CELLS = 2000;
const LAST = `step${CELLS - 1}`;

describe("two thousand cells that depend on each other", () => {
  let compiler: CheckedCompiler;

  /** Returns the messages of a cell's errors, and commits a cell without errors. */
  async function show(source: string): Promise<string[]> {
    const { diagnostics = [] } = await compiler.compile(source);
    if (diagnostics.length === 0) await compiler.commit();
    return diagnostics.map(({ message }) => message);
  }

  before(async () => {
    const folder = join(projectFolder, "notebooks");
    compiler = new CheckedCompiler(compilerSettings("checked", folder));
    assert.deepEqual(await show("const step0 = { count: 0 };"), []);
    for (let index = 1; index < CELLS; index += 1) {
      const source = `const step${index} = { count: step${index - 1}.count + 1 };`;
      assert.deepEqual(await show(source), []);
    }
  });

  test("a type error is reported", async () => {
    assert.deepEqual(await show(`const wrong: string = ${LAST}.count;`), [
      "Type 'number' is not assignable to type 'string'.",
    ]);
  });

  test("an import, after which all cells are checked again, preserves the types", async () => {
    const source = `import { hostname } from "node:os"; const named = hostname() + ${LAST}.count;`;
    assert.deepEqual(await show(source), []);
    assert.deepEqual(await show("const alsoWrong: number = named;"), [
      "Type 'string' is not assignable to type 'number'.",
    ]);
  });

  test("completion works for the last cell", async () => {
    // The import creates a checker that has seen none of the cells.
    assert.deepEqual(await show('import { cpus } from "node:os";'), []);
    const { entries } = await compiler.complete(`${LAST}.`, LAST.length + 1);
    assert.ok(entries.some(({ name }) => name === "count"));
  });
});
