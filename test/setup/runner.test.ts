// `npm test`: which files it runs, what it prints last, and which skips it accepts.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { Checkout, type Ending, cannotTry, setupModule } from "./checkout";

const packages = path.resolve(__dirname, "../../node_modules");
const heading =
  'import { strict as assert } from "node:assert";\nimport { it } from "node:test";\n';
const passing = `${heading}it("adds", () => { const sum: number = 1 + 1; assert.equal(sum, 2); });\n`;

describe("npm test", { skip: cannotTry }, () => {
  let checkout: Checkout;

  const run = (
    parameters: string[],
    variables: NodeJS.ProcessEnv = {},
  ): Promise<Ending> =>
    checkout.start("test.mjs", variables, { parameters }).ending;
  const lastLine = ({ output }: Ending): string =>
    output.trimEnd().split("\n").at(-1) ?? "";

  before(async () => {
    checkout = new Checkout();
    assert.equal((await checkout.setup()).code, 0);
    // The tests in it are compiled by this checkout's kernel and TypeScript; the type check remains
    // a stub.
    checkout.write(
      "node_modules/typescript/package.json",
      JSON.stringify({
        version: "6.0.3",
        main: path.join(packages, "typescript/lib/typescript.js"),
      }),
    );
    const register = "kernel/dist/typescript-register.js";
    fs.symlinkSync(
      path.resolve(packages, "..", register),
      checkout.inside(register),
    );
    checkout.write("bench/run.mjs", "");
    for (const tool of [
      "eslint/bin/eslint.js",
      "prettier/bin/prettier.cjs",
      "dependency-cruiser/bin/dependency-cruise.mjs",
      "typedoc/bin/typedoc",
    ])
      checkout.write(
        `node_modules/${tool}`,
        `if ((process.env.STUB_FAILS ?? "").includes("${tool}")) process.exit(1);`,
      );
    checkout.write("test/expected-skips.json", "[]");
    checkout.write("test/good/one.test.ts", passing);
    checkout.write("test/good/deeper/two.test.ts", passing);
    checkout.write("test/good/helper.ts", 'throw new Error("no test file");');
    checkout.write(
      "test/long/hours.test.ts",
      `${heading}it("takes hours", () => assert.ok(true));\n`,
    );
  });
  after(() => checkout.remove());

  it("checks types and style, runs every short test, and ends with the counts", async () => {
    const ending = await run([]);
    assert.equal(ending.code, 0, ending.output + ending.errors);
    for (const part of [
      ...["types", "lint", "format", "imports", "generated tables"],
      ...["API reference", "tests"],
    ])
      assert.match(
        ending.output,
        new RegExp(`^${part}: passed in [\\d.]+ s$`, "m"),
      );
    assert.match(ending.output, /pass 2/);
    assert.doesNotMatch(ending.output, /takes hours/);
    assert.equal(lastLine(ending), "2 passed, 0 failed, 0 skipped");
  });

  it("fails if a check fails, but still runs the tests", async () => {
    const ending = await run([], { STUB_FAILS: "prettier/bin/prettier.cjs" });
    assert.equal(ending.code, 1);
    assert.match(ending.output, /^format: FAILED/m);
    assert.match(ending.output, /^Failed: format\.$/m);
    assert.equal(lastLine(ending), "2 passed, 0 failed, 0 skipped");
  });

  it("runs one folder on request, without the checks", async () => {
    const ending = await run(["good/deeper"]);
    assert.equal(lastLine(ending), "1 passed, 0 failed, 0 skipped");
    assert.doesNotMatch(ending.output, /^types:/m);
  });

  it("adds the counts of all batches", async () => {
    checkout.write("test/plots/one.test.ts", passing);
    checkout.write("test/plots/two.test.ts", passing.replace("1 + 1", "1 + 2"));
    const ending = await run(["good", "plots"]);
    fs.rmSync(checkout.inside("test/plots"), { recursive: true });
    assert.equal(ending.code, 1);
    assert.match(ending.output, /^Failed: tests\.$/m);
    assert.equal(lastLine(ending), "3 passed, 1 failed, 0 skipped");
  });

  it("runs only the long tests with --long", async () => {
    const ending = await run(["--long"]);
    assert.match(ending.output, /takes hours/);
    assert.equal(lastLine(ending), "1 passed, 0 failed, 0 skipped");
  });

  it("rejects a missing folder and an unknown option", async () => {
    const folder = await run(["kernle"]);
    assert.equal(folder.code, 1);
    assert.match(
      folder.errors,
      /^Expected folders or files of test\/ \(good, long\), received kernle\.$/m,
    );
    const option = await run(["--log"]);
    assert.equal(option.code, 1);
    assert.match(option.errors, /received --log/);
  });

  it("fails if a test fails, and counts it", async () => {
    checkout.write(
      "test/bad/one.test.ts",
      `${heading}it("adds", () => assert.equal(1 + 1, 3));\n`,
    );
    const ending = await run(["bad"]);
    assert.equal(ending.code, 1);
    assert.equal(lastLine(ending), "0 passed, 1 failed, 0 skipped");
  });

  it("fails if a test file cannot be loaded", async () => {
    checkout.write("test/broken/one.test.ts", 'throw new Error("broken");');
    const ending = await run(["broken"]);
    assert.equal(ending.code, 1);
    assert.match(lastLine(ending), /, 1 failed, /);
  });

  it("prints why a test was skipped, and passes outside CI", async () => {
    checkout.write(
      "test/skipping/one.test.ts",
      `${heading}it("looks at a page", { skip: "no browser here" }, () => assert.ok(true));\n`,
    );
    const ending = await run(["skipping"]);
    assert.equal(ending.code, 0);
    assert.match(
      ending.output,
      /^skipped, unexpected: looks at a page \(no browser here\)$/m,
    );
    assert.equal(lastLine(ending), "0 passed, 0 failed, 1 skipped");
  });

  it("fails on CI if a skip is unexpected, and passes if it is expected", async () => {
    const unexpected = await run(["skipping"], { CI: "true" });
    assert.equal(unexpected.code, 1);
    assert.match(unexpected.output, /^Failed: skips\.$/m);

    checkout.write(
      "test/expected-skips.json",
      '[{ "name": "looks at a page", "reason": "no network" }]',
    );
    assert.equal((await run(["skipping"], { CI: "true" })).code, 1);

    checkout.write(
      "test/expected-skips.json",
      '[{ "name": "looks at a page", "reason": "no browser" }]',
    );
    const ending = await run(["skipping"], { CI: "true" });
    assert.equal(ending.code, 0, ending.output);
    assert.match(ending.output, /^skipped: looks at a page/m);
  });
});

describe("the list of test files", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "convnotes-files-"));
  process.on("exit", () => fs.rmSync(folder, { recursive: true }));
  for (const name of [
    "kernel/errors.test.ts",
    "kernel/wire/frames.test.ts",
    "kernel/client.ts",
    "kernels.test.ts",
    "data/cifar10.test.ts",
    "data/stubs/python",
    "long/data/download.test.ts",
  ]) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), "");
  }

  const cases: [string[], boolean, string[]][] = [
    [
      [],
      false,
      [
        "data/cifar10.test.ts",
        "kernel/errors.test.ts",
        "kernel/wire/frames.test.ts",
        "kernels.test.ts",
      ],
    ],
    [[], true, ["long/data/download.test.ts"]],
    [
      ["kernel"],
      false,
      ["kernel/errors.test.ts", "kernel/wire/frames.test.ts"],
    ],
    [["test/kernel/wire/"], false, ["kernel/wire/frames.test.ts"]],
    [["data/cifar10"], false, ["data/cifar10.test.ts"]],
    [["data/cifar10.test.ts"], false, ["data/cifar10.test.ts"]],
    [["kernels", "data"], false, ["data/cifar10.test.ts", "kernels.test.ts"]],
    [["data"], true, ["long/data/download.test.ts"]],
    [["long/data"], true, ["long/data/download.test.ts"]],
    [["kern"], false, []],
  ];
  for (const [filters, long, expected] of cases)
    it(`for ${filters.join(" and ") || "no filter"}${long ? ", long" : ""}`, async () => {
      const { testFiles } = await setupModule<{
        testFiles(
          folder: string,
          choice: { long: boolean; filters: string[] },
        ): string[];
      }>("test/files.mjs");
      assert.deepEqual(
        testFiles(folder, { long, filters }),
        expected.map((name) => path.join(folder, name)),
      );
    });
});
