/**
 * Tests how the command line of a benchmark is read.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { noKernel } from "../lessons/notebook-file";

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

describe("a benchmark refuses, in one line and before it measures anything,", () => {
  const root = path.resolve(__dirname, "../..");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "convnotes-bench-"));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const other = path.join(folder, "other.json");
  fs.writeFileSync(other, '{"date":"today"}');
  const text = path.join(folder, "text.json");
  fs.writeFileSync(text, "median");
  const missing = path.join(folder, "missing", "values.json");

  const cases: readonly [string, string[], RegExp, (string | false)?][] = [
    [
      "an unknown kernel",
      ["kernel", "--kernels", "convnotes,pyton3"],
      /^Expected --kernels to name some of .*, received "pyton3"\. The nearest is python3\.$/,
      noKernel,
    ],
    [
      "a kernel named twice",
      ["kernel", "--kernels", "deno,deno"],
      /^Expected --kernels to name each kernel once, received "deno,deno"\.$/,
      noKernel,
    ],
    ...["kernel", "engine", "data", "training"].map(
      (name): [string, string[], RegExp] => [
        `a missing folder for the values of ${name}`,
        [name, "--json", missing],
        /^Expected --json to be a file in an existing folder, received ".*values\.json"\.$/,
      ],
    ),
    [
      "a folder in place of a file",
      ["engine", "--json", folder],
      /^Expected --json to be a file in an existing folder, received /,
    ],
    [
      "results that do not exist",
      ["report", "--add", missing],
      /^Expected --add to be a JSON file, received ".*": ENOENT/,
    ],
    [
      "results that are not JSON",
      ["report", "--add", text],
      /^Expected --add to be a JSON file, received ".*": /,
    ],
    [
      "results of something else",
      ["report", "--add", other],
      /^Expected --add to be a file that a benchmark wrote with --json, received /,
    ],
    [
      "a name outside of the folder of results",
      ["report", "--add", other, "--as", "../other"],
      /^Expected --as to be a name of letters, digits and hyphens, received "\.\.\/other"\.$/,
    ],
    [
      "a name without results",
      ["report", "--as", "other"],
      /^Expected --add with --as, received only --as "other"\.$/,
    ],
    [
      "a Python without PyTorch as the only competitor",
      ["training", "--competitors=torch", "--torch-python", missing],
      /^Skipped torch: .*\nExpected at least one competitor that can be measured, found none\.$/,
    ],
  ];
  for (const [title, parameters, message, skip = false] of cases) {
    test(title, { skip }, () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [path.join(root, "bench", "run.mjs"), ...parameters],
        { cwd: root, encoding: "utf8" },
      );
      assert.match(stderr.trim(), message);
      assert.equal(stdout, "");
      assert.equal(status, 1);
    });
  }
});
