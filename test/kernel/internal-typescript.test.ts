/**
 * Tests that the internal functions and fields of TypeScript that the kernel uses exist and behave
 * as expected.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import * as ts from "typescript";
import { createFile } from "../../kernel/compiler/checker/cell-file";
import {
  type CheckerHost,
  internals,
  internalFile,
  type InternalSymbol,
  TransformFlags,
  TypeKind,
} from "../../kernel/compiler/checker/internal-typescript";
import { internalServices } from "../../kernel/compiler/checker/internal-services";
import { errorWith } from "../error-with";
import { projectFolder } from "./kernel-client";

/** The internal functions, with the number of parameters that TypeScript declares for each. */
const PARAMETERS = {
  createTypeChecker: 1,
  bindSourceFile: 2,
  createCommentDirectivesMap: 2,
  getTouchingPropertyName: 2,
  getTransformers: 3,
  emitFiles: 8,
} as const;

const file = (text: string) =>
  internalFile(createFile(projectFolder, "inner", text));

test("the version matches the kernel's package.json", () => {
  const manifest = join(projectFolder, "kernel", "package.json");
  const { dependencies } = JSON.parse(readFileSync(manifest, "utf8")) as {
    dependencies: Record<string, string>;
  };
  assert.equal(dependencies.typescript, ts.version);
});

test("another version is rejected", () => {
  assert.throws(
    () => internals({ ...ts, version: "7.0.2" }),
    errorWith(
      "ERR_VERSION",
      `TypeScript ${ts.version}`,
      "received version 7.0.2",
    ),
  );
});

for (const [name, count] of Object.entries(PARAMETERS)) {
  test(`${name} takes ${count} parameters`, () => {
    const found = internals(ts)[name as keyof typeof PARAMETERS];
    assert.equal(typeof found, "function");
    assert.equal((found as { length: number }).length, count);
  });
}

/** The internal services of the language server, likewise. */
const SERVICES = {
  GoToDefinition: { getDefinitionAtPosition: 5 },
  FindAllReferences: {
    findReferencedSymbols: 5,
    findReferenceOrRenameEntries: 7,
    toRenameLocation: 5,
  },
  Rename: { getRenameInfo: 4 },
  SignatureHelp: { getSignatureHelpItems: 5 },
  codefix: { getFixes: 1 },
  formatting: { getFormatContext: 2 },
} as const;

for (const [name, members] of Object.entries(SERVICES)) {
  test(`${name} has the language server's functions`, () => {
    const service = internalServices()[name as keyof typeof SERVICES];
    for (const [member, count] of Object.entries(members)) {
      const found = Reflect.get(service, member) as { length: number };
      assert.equal(typeof found, "function", member);
      assert.equal(found.length, count, member);
    }
  });
}

test("an assignment is a write access", () => {
  const { statements } = file("let a; a = 1;");
  const { expression } = statements[1] as ts.ExpressionStatement;
  const { left } = expression as ts.BinaryExpression;
  assert.equal(internalServices().isWriteAccess(left), true);
});

test("completion returns symbols if its eleventh parameter is true", () => {
  const text = readFileSync(
    createRequire(__filename).resolve("typescript"),
    "utf8",
  );
  const { name } = internals(ts).Completions.getCompletionsAtPosition;
  const [, parameters] =
    new RegExp(`function ${name}\\(([^)]*)\\)`).exec(text) ?? [];
  assert.equal(parameters?.split(", ")[10], "includeSymbol = false");
});

test("the transform flags are TypeScript's", () => {
  const { TransformFlags: theirs } = ts as unknown as {
    TransformFlags: Record<string, number>;
  };
  const ours = Object.entries(TransformFlags).filter(
    ([, value]) => typeof value === "number",
  );
  assert.ok(ours.length > 0);
  for (const [name, value] of ours) {
    const inTheirs = name === "EsNext" ? "ContainsESNext" : `Contains${name}`;
    assert.equal(theirs[inTheirs], value, name);
  }
});

test("the run-time kinds of types are those of the emitter", () => {
  const { TypeReferenceSerializationKind: theirs } = ts as unknown as {
    TypeReferenceSerializationKind: Record<number, string>;
  };
  const ours = Object.values(TypeKind).filter(
    (value) => typeof value === "number",
  );
  assert.equal(ours.length, Object.keys(theirs).length / 2);
  for (const value of ours) {
    const name = TypeKind[value].replace("Symbol", "ESSymbol");
    assert.equal(theirs[value]!.replace(/^Type(?=With)|Type$/g, ""), name);
  }
});

test("a checker provides the errors of one file, names at a location, and run-time types", () => {
  const options = { noLib: true, types: [], strict: true };
  const host = ts.createCompilerHost(options, true);
  const text =
    "interface I { a: number }\nconst bad: string = 1; let i: I; class C {} let c: C;";
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...others) =>
    name === "a.ts"
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
      : read(name, ...others);
  const program = ts.createProgram(["a.ts"], options, host);
  const file = program.getSourceFile("a.ts")!;
  const checker = internals(ts).createTypeChecker(program as CheckerHost);
  const codes = checker.getDiagnostics(file).map(({ code }) => code);
  assert.ok(codes.includes(2322), String(codes));
  const found = checker.resolveName("I", file, ts.SymbolFlags.Type, false);
  assert.equal(found?.name, "I");
  const value = checker.resolveName("I", file, ts.SymbolFlags.Value, false);
  assert.equal(value, undefined);
  const resolver = checker.getEmitResolver(file, undefined, true);
  const kinds = file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .flatMap(({ type }) =>
      type && ts.isTypeReferenceNode(type) ? [type.typeName] : [],
    )
    .map((name) => resolver.getTypeReferenceSerializationKind(name, file));
  assert.deepEqual(kinds, [
    TypeKind.Object,
    TypeKind.WithConstructSignatureAndValue,
  ]);
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
  const local = cell.locals.get("a" as ts.__String) as InternalSymbol;
  assert.equal(local.exportSymbol, cell.symbol.exports?.get(local.escapedName));
  const documented = cell.statements.at(-1) as { jsDoc?: unknown[] };
  assert.equal(documented.jsDoc?.length, 1);
  const pragma = file("/** @jsx h */ 1").pragmas.get("jsx");
  assert.equal([pragma].flat()[0]?.arguments.factory, "h");
  assert.equal(file("let a = ;").parseDiagnostics.length, 1);
  assert.equal(file("let a; let a;").bindDiagnostics.length, 2);
});
