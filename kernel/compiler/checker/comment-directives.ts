/**
 * `// @ts-ignore` and `// @ts-expect-error`, by which a file says that its next line may be wrong.
 *
 * A checker does not look at them; in TypeScript a program does, after its checker has spoken.
 */
import ts from "typescript";
import { inner, innerFile } from "./inner-typescript";

/** TypeScript's number and text for an expectation that nothing fulfils. */
const UNUSED_EXPECTATION = 2578;
const UNUSED_TEXT = "Unused '@ts-expect-error' directive.";

/** What of the things that are wrong with a file is left to be told. */
export function withoutExpected(
  file: ts.SourceFile,
  found: readonly ts.Diagnostic[],
): readonly ts.Diagnostic[] {
  const { commentDirectives } = innerFile(file);
  if (commentDirectives === undefined) return found;
  const directives = inner(ts).createCommentDirectivesMap(
    file,
    commentDirectives,
  );
  const told = found.filter((each) => {
    let line = lineOf(each, file) - 1;
    // Other comments may stand between a directive and its line.
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
  return [...told, ...unused];
}

function lineOf({ start = 0 }: ts.Diagnostic, file: ts.SourceFile): number {
  return file.getLineAndCharacterOfPosition(start).line;
}

function lineText(file: ts.SourceFile, line: number): string {
  const starts = file.getLineStarts();
  return file.text.slice(starts[line], starts[line + 1]).trim();
}
