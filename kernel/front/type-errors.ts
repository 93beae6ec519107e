/**
 * Converts the compiler's diagnostics to a Jupyter error.
 */
import type { Diagnostic } from "../compiler/compiler";
import { excerpt } from "../excerpt";
import type { CellError } from "../runtime/channel";
import { DIM, RED, RESET } from "../colors";

/**
 * Returns the error for a cell that does not compile: for each diagnostic its position, an excerpt
 * of the cell, TypeScript's error code and the message.
 *
 * @param source The cell's source.
 * @param name The cell's name, such as "In[3]".
 * @param diagnostics At least one diagnostic.
 */
export function toTypeError(
  source: string,
  name: string,
  diagnostics: readonly Diagnostic[],
): CellError {
  const [first] = diagnostics;
  const ename = first?.syntax ? "SyntaxError" : "TypeScriptError";
  const summary = ({ code, message }: Diagnostic) =>
    code === 0 ? message : `TS${code}: ${message}`;
  const traceback = diagnostics.flatMap((diagnostic) => {
    const { file, start, end } = diagnostic;
    const line = start.line + 1;
    const place = file ?? `Cell ${name}`;
    return [
      `${DIM}${place}, line ${line}${RESET}`,
      ...(file === undefined ? excerpt(source, start, end) : []),
      `${RED}${ename}${RESET}: ${summary(diagnostic)}`,
      "",
    ];
  });
  const more =
    diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
  return {
    ename,
    evalue: `${first ? summary(first) : ""}${more}`,
    traceback: traceback.slice(0, -1),
  };
}
