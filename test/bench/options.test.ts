/**
 * Tests how the command line of a benchmark is read.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";

interface Options {
  readOptions(
    parameters: readonly string[],
    options: Record<string, unknown>,
  ): Record<string, unknown>;
  choose(
    option: string,
    names: string | undefined,
    known: readonly string[],
  ): string[];
}

/** Loads the ES module; in this CommonJS module, `import()` would become `require()`. */
const load = (): Promise<Options> =>
  (
    new Function("file", "return import(file)") as (
      file: string,
    ) => Promise<Options>
  )(path.resolve(__dirname, "../../bench/options.mjs"));

const options = {
  turns: { type: "string", default: "5" },
  check: { type: "boolean" },
};

describe("the options of a benchmark", () => {
  test("have defaults, and --help is always one", async () => {
    const { readOptions } = await load();
    const values = readOptions(["--check", "-h"], options);
    assert.deepEqual({ ...values }, { turns: "5", check: true, help: true });
  });

  test("are listed for an unknown one, with the nearest", async () => {
    const { readOptions } = await load();
    assert.throws(() => readOptions(["--turn=3"], options), {
      code: "ERR_USAGE",
      message:
        /--turns, --check, --help, received "--turn"\. The nearest is --turns\.$/,
    });
    assert.throws(() => readOptions(["--something-else"], options), {
      message: /received "--something-else"\.$/,
    });
  });

  test("need their values, and there are no other words", async () => {
    const { readOptions } = await load();
    assert.throws(() => readOptions(["--turns"], options), /--turns/);
    assert.throws(() => readOptions(["3"], options), /'3'/);
  });

  test("name items of a list, in the list's order", async () => {
    const { choose } = await load();
    const known = ["convnotes", "keras", "torch"];
    assert.deepEqual(choose("--of", "torch,convnotes", known), [
      "convnotes",
      "torch",
    ]);
    assert.deepEqual(choose("--of", undefined, known), known);
    assert.throws(() => choose("--of", "kera", known), {
      message: /^Expected --of to name some of .* The nearest is keras\.$/,
    });
  });
});
