/**
 * Codes of errors: documented, used, and checked by errorWith.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { coded } from "../../src/notebook/coded-error";
import { errorWith } from "../error-with";

const project = path.join(__dirname, "..", "..");
const definition = path.join("src", "notebook", "coded-error.ts");

function read(...parts: string[]): string {
  return readFileSync(path.join(project, ...parts), "utf8");
}

/** The codes with their doc comments, in the order of the source. */
const codes = [
  ...read(definition).matchAll(/^ {2}\/\*\* (.+?) \*\/\n {2}\| "(ERR_\w+)"/gms),
].map(([, comment, code]) => ({
  code: code!,
  meaning: comment!.replace(/\s*\n\s*\* /g, " ").replace(/\.$/, ""),
}));

test("each code has a doc comment", () => {
  assert.deepEqual(
    codes.map(({ code }) => `| "${code}"`),
    read(definition).match(/\| "\w+"/g),
  );
});

test("the table in docs/development.md has each code with its doc comment", () => {
  const rows = read("docs", "development.md")
    .split("\n")
    .filter((line) => line.startsWith("| `ERR_"))
    .map((line) => line.replace(/ +/g, " "));
  const expected = codes.map(
    ({ code, meaning }) => `| \`${code}\` | ${meaning} |`,
  );
  assert.deepEqual(
    rows,
    expected,
    `Expected the rows\n${expected.join("\n")}\nreceived\n${rows.join("\n")}`,
  );
});

test("the addon has only codes of the table", () => {
  const addon = read("src", "engine", "native", "cpp", "common-error.h");
  const used = [...addon.matchAll(/"(ERR_\w+)"/g)].map(([, code]) => code!);
  assert.ok(used.length > 5);
  const known = new Set(codes.map(({ code }) => code));
  assert.deepEqual(
    used.filter((code) => !known.has(code)),
    [],
  );
});

test("each code is used in src or kernel", () => {
  const sources = ["src", "kernel"]
    .flatMap((folder) => sourcesBelow(folder))
    .filter((file) => file !== definition)
    .map((file) => read(file))
    .join("\n");
  const unused = codes.filter(({ code }) => !sources.includes(`"${code}"`));
  assert.deepEqual(
    unused.map(({ code }) => code),
    [],
  );
});

/** Lists the TypeScript files below a folder of the project, without generated ones. */
function sourcesBelow(folder: string): string[] {
  const generated = ["node_modules", "declarations", "dist", "build"];
  const entries = readdirSync(path.join(project, folder), {
    withFileTypes: true,
  });
  return entries.flatMap((entry) => {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      return generated.includes(entry.name) ? [] : sourcesBelow(inside);
    }
    return entry.name.endsWith(".ts") ? [inside] : [];
  });
}

test("errorWith rejects another code, a missing text, and a number within another", () => {
  const error = coded(
    "ERR_SHAPE",
    new RangeError("Expected `beta1` to have 10 rows, received -1.5"),
  );
  assert.equal(errorWith("ERR_SHAPE", "beta1", 10, -1.5)(error), true);
  assert.throws(() => errorWith("ERR_LOCKED")(error), assert.AssertionError);
  for (const value of ["beta2", 1, 0, 1.5, -1, 5]) {
    assert.throws(
      () => errorWith("ERR_SHAPE", value)(error),
      assert.AssertionError,
      String(value),
    );
  }
});
