/**
 * Offers quick fixes for errors: those of TypeScript, and imports of names that are not declared.
 */
import ts from "typescript";
import {
  type CodeAction,
  CodeActionKind,
  type Range,
  type TextEdit,
} from "vscode-languageserver/node";
import { internalServices } from "../compiler/checker/internal-services";
import { toDiagnostic } from "./diagnostics";
import { importEdit, importTitle } from "./import-edit";
import { locationOf } from "./locations";
import type { Notebook } from "./notebook";
import type { CellProblem, NotebookCell } from "./notebook-cell";
import { neverCanceled, preferences, servicesOf } from "./program-services";

/** TypeScript's error codes for a name, a type or a namespace that is not declared. */
const UNDECLARED: ReadonlySet<number> = new Set([
  2304, 2503, 2552, 2580, 2584, 2686,
]);

/** TypeScript's own fix, which only knows the modules that the cells import. */
const IMPORT_FIX = "import";

/** TypeScript's layout of added code, as in the notebooks of the course. */
const LAYOUT: ts.FormatCodeSettings = {
  ...ts.getDefaultFormatCodeSettings("\n"),
  indentSize: 2,
  tabSize: 2,
};

/** Returns the quick fixes for the errors in a range of a cell. */
export function codeActions(
  notebook: Notebook,
  cell: NotebookCell,
  range: Range,
): CodeAction[] {
  if (cell.problems === undefined) notebook.check(cell);
  const [start, end] = [cell.offsetAt(range.start), cell.offsetAt(range.end)];
  return (cell.problems ?? [])
    .filter(({ diagnostic: { start: from = 0, length = 0 }, importedAs }) => {
      return importedAs === undefined && from <= end && start <= from + length;
    })
    .flatMap((problem) => [
      ...importActions(notebook, cell, problem),
      ...fixes(notebook, cell, problem),
    ]);
}

function importActions(
  { imports }: Notebook,
  cell: NotebookCell,
  problem: CellProblem,
): CodeAction[] {
  const { code, start = 0, length = 0 } = problem.diagnostic;
  if (!UNDECLARED.has(code)) return [];
  const name = cell.file.text.slice(start, start + length);
  const candidates = imports.find(name);
  return candidates.map((candidate) => ({
    title: importTitle(candidate),
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(problem, cell)],
    isPreferred: candidates.length === 1,
    edit: {
      changes: { [cell.place.uri]: [importEdit(cell, candidate)] },
    },
  }));
}

function fixes(
  notebook: Notebook,
  cell: NotebookCell,
  problem: CellProblem,
): CodeAction[] {
  const { codefix, formatting } = internalServices();
  const { code, start = 0, length = 0 } = problem.diagnostic;
  const program = servicesOf(notebook);
  // TypeScript's search for imports, whose result is not used, looks through all files.
  program.getSourceFiles = () => [];
  const host = hostOf(notebook);
  const found = notebook.query(() =>
    notebook.withAllNames(cell, () =>
      codefix.getFixes({
        errorCode: code,
        sourceFile: cell.file,
        span: { start, length },
        program,
        host,
        cancellationToken: neverCanceled,
        formatContext: formatting.getFormatContext(LAYOUT, host),
        preferences,
      }),
    ),
  );
  return (found ?? [])
    .filter(({ fixName, changes }) => {
      return fixName !== IMPORT_FIX && changes.length > 0;
    })
    .map(({ description, changes }) => ({
      title: description,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(problem, cell)],
      edit: { changes: editsOf(notebook, changes) },
    }));
}

function editsOf(
  notebook: Notebook,
  changes: readonly ts.FileTextChanges[],
): Record<string, TextEdit[]> {
  const edits: Record<string, TextEdit[]> = {};
  for (const { fileName, textChanges } of changes) {
    for (const { span, newText } of textChanges) {
      const location = locationOf(notebook, fileName, span);
      if (location === undefined) continue;
      (edits[location.uri] ??= []).push({ range: location.range, newText });
    }
  }
  return edits;
}

/** Returns the access to files for TypeScript's fixes. */
function hostOf({ program }: Notebook): object {
  const { files } = program;
  return {
    getCompilationSettings: () => program.options,
    getCurrentDirectory: () => files.getCurrentDirectory(),
    fileExists: (path: string) => files.fileExists(path),
    readFile: (path: string) => files.readFile(path),
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getPackageJsonsVisibleToFile: () => [],
  };
}
