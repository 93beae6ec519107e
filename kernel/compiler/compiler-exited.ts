/**
 * Words the errors and the warning about an exit of the process that checks the cells.
 */
import type { ErrorCode } from "@convnotes/notebook/coded-error";

/** The maximum length of a quoted cell, in UTF-16 code units. */
const QUOTED_LENGTH = 60;

/** Error thrown when the process that checks the cells has exited. */
export class CompilerExited extends Error {
  override name = "CompilerExited";
  readonly code = "ERR_PROCESS" satisfies ErrorCode;
}

/**
 * Returns the error for a process that never began to work.
 *
 * @param how How the process exited, such as "has exited with code 1".
 */
export function exitedAtStart(how: string): CompilerExited {
  return new CompilerExited(
    `The process that checks the cells ${how} as soon as it was started. Its messages are in Jupyter's output. The next cell starts it again.`,
  );
}

/** Returns the error for a process that exited while it checked a cell. */
export function exitedInCheck(how: string): CompilerExited {
  return new CompilerExited(
    `The process that checks the cells ${how}${hint(how)}. A new process has the declarations of the previous cells; run this cell again.`,
  );
}

/**
 * Returns the warning for a cell whose declarations are dropped.
 *
 * @param source The cell.
 * @param how How each process exited that checked it.
 */
export function lostDeclarations(source: string, how: string): string {
  return `The declarations of the cell "${quote(source)}" are lost: each time this cell was checked, the process that checks the cells ${how}${hint(how)}. The declarations of other cells are kept, and all variables keep their values.`;
}

/** Returns the usual cause of such an exit. */
function hint(how: string): string {
  return /SIGABRT|code 134/.test(how)
    ? ", as it does when it runs out of memory"
    : "";
}

/** Returns the first line of a cell, shortened. */
function quote(source: string): string {
  const [line = ""] = source.trim().split("\n");
  return line.length > QUOTED_LENGTH || line !== source.trim()
    ? `${line.slice(0, QUOTED_LENGTH)}…`
    : line;
}
