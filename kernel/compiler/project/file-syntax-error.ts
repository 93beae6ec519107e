/**
 * Defines the error for a file with a TypeScript syntax error.
 */
import type { ErrorCode } from "@convnotes/notebook/coded-error";
import type * as typescript from "typescript";

/** A syntax error with TypeScript's message, the file and the position. */
export class FileSyntaxError extends SyntaxError {
  override readonly name = "SyntaxError";
  readonly #diagnostic: typescript.DiagnosticWithLocation;

  /**
   * @param ts TypeScript.
   * @param diagnostic The diagnostic of the syntax error.
   */
  constructor(
    ts: typeof typescript,
    diagnostic: typescript.DiagnosticWithLocation,
  ) {
    const { file, start, messageText } = diagnostic;
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    super(`${file.fileName}:${line + 1}:${character + 1}: ${text}`);
    this.#diagnostic = diagnostic;
  }

  // Not an own property, which a traceback would show.
  get code() {
    return "ERR_FILE_FORMAT" satisfies ErrorCode;
  }

  /** Returns the diagnostic. It is not a field, as Node prints the fields of errors. */
  diagnostic(): typescript.DiagnosticWithLocation {
    return this.#diagnostic;
  }
}
