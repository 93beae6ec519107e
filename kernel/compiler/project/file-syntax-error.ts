/**
 * The error of a file that is no TypeScript.
 */
import type * as typescript from "typescript";

/** TypeScript's message, with the file and the place. */
export class FileSyntaxError extends SyntaxError {
  override readonly name = "SyntaxError";
  readonly #wrong: typescript.DiagnosticWithLocation;

  /**
   * @param ts TypeScript.
   * @param wrong What is wrong in the file.
   */
  constructor(ts: typeof typescript, wrong: typescript.DiagnosticWithLocation) {
    const { file, start, messageText } = wrong;
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    super(`${file.fileName}:${line + 1}:${character + 1}: ${text}`);
    this.#wrong = wrong;
  }

  /** What is wrong in the file; a field would be shown with the error. */
  wrong(): typescript.DiagnosticWithLocation {
    return this.#wrong;
  }
}
