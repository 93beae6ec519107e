/**
 * A notebook of two thousand cells, each of which builds on the one before: more than a fresh checker can work out in one go.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { CheckedCompiler } from "../../kernel/compiler/checked-compiler";
import { compilerSettings } from "../../kernel/compiler/settings";
import { projectFolder } from "../kernel/kernel-client";

const CELLS = 2000;
const LAST = `step${CELLS - 1}`;

describe("two thousand cells that build on each other", () => {
  let compiler: CheckedCompiler;

  /** The messages of what is wrong with a cell; one without errors is kept. */
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

  test("a type error is told", async () => {
    assert.deepEqual(await show(`const wrong: string = ${LAST}.count;`), [
      "Type 'number' is not assignable to type 'string'.",
    ]);
  });

  test("an import, for which all is read anew, leaves the types known", async () => {
    const source = `import { hostname } from "node:os"; const named = hostname() + ${LAST}.count;`;
    assert.deepEqual(await show(source), []);
    assert.deepEqual(await show("const alsoWrong: number = named;"), [
      "Type 'string' is not assignable to type 'number'.",
    ]);
  });

  test("completion knows the last one", async () => {
    // Of a checker that has seen none of the cells.
    assert.deepEqual(await show('import { cpus } from "node:os";'), []);
    const { entries } = await compiler.complete(`${LAST}.`, LAST.length + 1);
    assert.ok(entries.some(({ name }) => name === "count"));
  });
});
