/**
 * Names of CommonJS that a file uses without declaring them.
 */
import type * as typescript from "typescript";
import { declaredNames } from "./exported-names";

/** What a CommonJS module is given, and an ES module is not. */
const NAMES = ["require", "module", "__filename", "__dirname"] as const;

/** Such a name. */
export type CommonJsName = (typeof NAMES)[number];

/**
 * @param ts TypeScript.
 * @param file The file.
 */
export function freeNames(
  ts: typeof typescript,
  file: typescript.SourceFile,
): readonly CommonJsName[] {
  const { identifiers } = file as typescript.SourceFile & {
    readonly identifiers: ReadonlyMap<string, string>;
  };
  const mentioned = NAMES.filter((name) => identifiers.has(name));
  if (mentioned.length === 0) return mentioned;
  const declared = new Set(
    file.statements.flatMap((statement) => declaredNames(ts, statement)),
  );
  return mentioned.filter((name) => !declared.has(name));
}
