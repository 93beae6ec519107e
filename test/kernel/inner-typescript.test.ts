/**
 * The inner functions and fields of TypeScript that the kernel uses are there, take what they are given, and mean what is assumed.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import * as ts from "typescript";
import { createFile } from "../../kernel/compiler/checker/cell-file";
import {
  inner,
  innerFile,
  type InnerSymbol,
  TransformFlags,
} from "../../kernel/compiler/checker/inner-typescript";
import { projectFolder } from "./kernel-client";

/** The inner functions, with the number of parameters that TypeScript declares for each. */
const PARAMETERS = {
  createTypeChecker: 1,
  bindSourceFile: 2,
  createCommentDirectivesMap: 2,
  getTouchingPropertyName: 2,
  getTransformers: 3,
  emitFiles: 8,
} as const;

const file = (text: string) =>
  innerFile(createFile(projectFolder, "inner", text));

test("the version is the one that the kernel's package asks for", () => {
  const manifest = join(projectFolder, "kernel", "package.json");
  const { dependencies } = JSON.parse(readFileSync(manifest, "utf8")) as {
    dependencies: Record<string, string>;
  };
  assert.equal(dependencies.typescript, ts.version);
});

test("another version is refused by name", () => {
  assert.throws(() => inner({ ...ts, version: "7.0.2" } as typeof ts), {
    message: `Expected TypeScript ${ts.version}, whose inner functions the kernel uses, received 7.0.2.`,
  });
});

for (const [name, count] of Object.entries(PARAMETERS)) {
  test(`${name} takes ${count} parameters`, () => {
    const found = inner(ts)[name as keyof typeof PARAMETERS];
    assert.equal(typeof found, "function");
    assert.equal((found as { length: number }).length, count);
  });
}

test("completion brings symbols along if its eleventh parameter says so", () => {
  const text = readFileSync(
    createRequire(__filename).resolve("typescript"),
    "utf8",
  );
  const { name } = inner(ts).Completions.getCompletionsAtPosition;
  const [, parameters] =
    new RegExp(`function ${name}\\(([^)]*)\\)`).exec(text) ?? [];
  assert.equal(parameters?.split(", ")[10], "includeSymbol = false");
});

test("the bits of syntax are TypeScript's", () => {
  const { TransformFlags: theirs } = ts as unknown as {
    TransformFlags: Record<string, number>;
  };
  const ours = Object.entries(TransformFlags).filter(
    ([, value]) => typeof value === "number",
  );
  assert.equal(ours.length, 5);
  for (const [name, value] of ours) {
    const inTheirs = name === "EsNext" ? "ContainsESNext" : `Contains${name}`;
    assert.equal(theirs[inTheirs], value, name);
  }
});

test("a file has the fields of the parser and the binder", () => {
  const cell = file(
    "export const a: string = 1;\n// @ts-ignore\nlet b = x;\n/** Doc. */ function f() {}",
  );
  assert.ok(cell.locals.has("b" as ts.__String));
  assert.ok(cell.identifiers.has("x"));
  assert.equal(cell.commentDirectives?.length, 1);
  assert.ok(cell.transformFlags & TransformFlags.TypeScript);
  assert.ok(cell.symbol);
  const local = cell.locals.get("a" as ts.__String) as InnerSymbol;
  assert.equal(local.exportSymbol, cell.symbol.exports?.get(local.escapedName));
  const documented = cell.statements.at(-1) as { jsDoc?: unknown[] };
  assert.equal(documented.jsDoc?.length, 1);
  assert.equal(file("let a = ;").parseDiagnostics.length, 1);
  assert.equal(file("let a; let a;").bindDiagnostics.length, 2);
});
