/**
 * Finds the CommonJS variables that a file uses without declaring them.
 */
import type * as typescript from "typescript";
import { declaredNames } from "./exported-names";

/** The variables that a CommonJS module has and an ES module does not. */
const NAMES = ["require", "module", "__filename", "__dirname"] as const;

/** The name of such a variable. */
type CommonJsName = (typeof NAMES)[number];

/**
 * Returns the CommonJS variables that a file uses without declaring them.
 *
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
