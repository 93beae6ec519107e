/**
 * Applies `// @ts-ignore` and `// @ts-expect-error` comments to the diagnostics of a file.
 *
 * In TypeScript this is done by the program, not by the checker.
 */
import ts from "typescript";
import { internals, internalFile } from "./internal-typescript";

/** TypeScript's error code and message for an unused expectation. */
const UNUSED_EXPECTATION = 2578;
const UNUSED_TEXT = "Unused '@ts-expect-error' directive.";

/**
 * Removes the diagnostics that the directives of a file suppress, and adds those for unused ones.
 */
export function applyDirectives(
  file: ts.SourceFile,
  found: readonly ts.Diagnostic[],
): readonly ts.Diagnostic[] {
  const { commentDirectives } = internalFile(file);
  if (commentDirectives === undefined) return found;
  const directives = internals(ts).createCommentDirectivesMap(
    file,
    commentDirectives,
  );
  const reported = found.filter((each) => {
    let line = lineOf(each, file) - 1;
    // Other comments may be between a directive and its line.
    while (line >= 0 && !directives.markUsed(line)) {
      const text = lineText(file, line);
      if (text !== "" && !text.startsWith("//")) return true;
      line -= 1;
    }
    return line < 0;
  });
  const unused = directives.getUnusedExpectations().map(({ range }) => ({
    category: ts.DiagnosticCategory.Error,
    code: UNUSED_EXPECTATION,
    messageText: UNUSED_TEXT,
    file,
    start: range.pos,
    length: range.end - range.pos,
  }));
  return [...reported, ...unused];
}

function lineOf({ start = 0 }: ts.Diagnostic, file: ts.SourceFile): number {
  return file.getLineAndCharacterOfPosition(start).line;
}

function lineText(file: ts.SourceFile, line: number): string {
  const starts = file.getLineStarts();
  return file.text.slice(starts[line], starts[line + 1]).trim();
}
