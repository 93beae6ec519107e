/**
 * Finds the magics of a cell that the kernel would refuse to run, such as a misspelt name.
 */
import ts from "typescript";
import { magicCell } from "../magics/compiler/magic-lines";
import { wrongMagics } from "../magics/compiler/magic-writer";
import type { CellProblem, NotebookCell } from "./notebook-cell";

/** Returns an error for each of these magics, at its name. */
export function magicProblems({ text, file }: NotebookCell): CellProblem[] {
  const cell = magicCell(ts, text);
  if (cell === undefined) return [];
  return wrongMagics(ts, cell).map(({ line, message }) => ({
    diagnostic: {
      category: ts.DiagnosticCategory.Error,
      code: 0,
      messageText: message,
      file,
      start: line.start,
      length: line.nameEnd - line.start,
    },
  }));
}
