/**
 * Presents the program of a notebook to TypeScript's language services.
 */
import ts from "typescript";
import type { Notebook } from "./notebook";

/** A token that never cancels: the services below run to their end. */
export const neverCanceled: ts.CancellationToken = {
  isCancellationRequested: () => false,
  throwIfCancellationRequested: () => undefined,
};

/** Preferences for all services. */
export const preferences: ts.UserPreferences = {
  providePrefixAndSuffixTextForRename: true,
  quotePreference: "double",
};

/** Returns the program of a notebook, in which the cells are found and have been checked. */
export function servicesOf(notebook: Notebook): ts.Program {
  const program = notebook.program.services;
  const services = Object.create(program) as ts.Program;
  services.getSourceFile = (path) =>
    notebook.cellAt(path)?.file ?? program.getSourceFile(path);
  services.getSemanticDiagnostics = (file) =>
    (file && notebook.cellAt(file.fileName)?.problems)?.map(
      ({ diagnostic }) => diagnostic,
    ) ?? [];
  services.getSyntacticDiagnostics = () => [];
  services.getDeclarationDiagnostics = () => [];
  return services;
}

/** Returns the files of the user that a notebook's program contains, without declaration files. */
export function ownFiles({ program }: Notebook): readonly ts.SourceFile[] {
  return program.services
    .getSourceFiles()
    .filter(
      (file) =>
        !file.isDeclarationFile &&
        !file.fileName.includes("/node_modules/") &&
        ts.sys.fileExists(file.fileName),
    );
}
