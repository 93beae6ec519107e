/**
 * Handles a cell's reference comments: `/// <reference path="./types.d.ts" />`, `types="…"` and
 * `lib="…"`.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";

/** A reference comment. */
interface Reference {
  readonly kind: "path" | "types" | "lib";
  readonly reference: ts.FileReference;
}

/** TypeScript's error codes and messages for unresolved references. */
const MISSING = {
  path: [6053, (name: string) => `File '${name}' not found.`],
  types: [
    2688,
    (name: string) => `Cannot find type definition file for '${name}'.`,
  ],
  lib: [2726, (name: string) => `Cannot find lib definition for '${name}'.`],
} as const;

function referencesOf(cell: ts.SourceFile): Reference[] {
  const list = (kind: Reference["kind"], found: readonly ts.FileReference[]) =>
    found.map((reference) => ({ kind, reference }));
  return [
    ...list("path", cell.referencedFiles),
    ...list("types", cell.typeReferenceDirectives),
    ...list("lib", cell.libReferenceDirectives),
  ];
}

/** Returns the cell's references as lines for the top of another file in the same folder. */
export function referenceLines(cell: ts.SourceFile): string[] {
  return referencesOf(cell).map(
    ({ kind, reference }) =>
      `/// <reference ${kind}=${JSON.stringify(reference.fileName)} />`,
  );
}

/**
 * Returns errors for the references that cannot be resolved.
 *
 * @param folder The folder of the cell.
 * @param options The options for resolving type packages.
 */
export function missingReferences(
  cell: ts.SourceFile,
  folder: string,
  options: ts.CompilerOptions,
  host: ts.ModuleResolutionHost,
): ts.Diagnostic[] {
  const isThere = ({ kind, reference: { fileName } }: Reference): boolean => {
    if (kind === "path") {
      const path = resolve(folder, fileName);
      return ["", ".ts", ".tsx", ".d.ts"].some((end) => existsSync(path + end));
    }
    if (kind === "lib") {
      const { errors } = ts.convertCompilerOptionsFromJson(
        { lib: [fileName] },
        folder,
      );
      return errors.length === 0;
    }
    const { resolvedTypeReferenceDirective: found } =
      ts.resolveTypeReferenceDirective(fileName, cell.fileName, options, host);
    return found?.resolvedFileName !== undefined;
  };
  return referencesOf(cell)
    .filter((each) => !isThere(each))
    .map(({ kind, reference: { fileName, pos, end } }) => {
      const [code, text] = MISSING[kind];
      return {
        category: ts.DiagnosticCategory.Error,
        code,
        messageText: text(fileName),
        file: cell,
        start: pos,
        length: end - pos,
      };
    });
}
