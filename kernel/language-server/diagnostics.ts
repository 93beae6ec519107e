/**
 * Publishes the errors of cells as diagnostics of the client's documents.
 */
import { pathToFileURL } from "node:url";
import ts from "typescript";
import {
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
} from "vscode-languageserver/node";
import { walk } from "../compiler/project/walk";
import type { Notebook } from "./notebook";
import type { CellProblem, NotebookCell } from "./notebook-cell";

/** The name that front ends show beside an error. */
export const SOURCE = "typescript";

/** Sends diagnostics, and remembers which. */
export class DiagnosticsPublisher {
  readonly #connection: Connection;
  /** The diagnostics that were sent for each document, as JSON. */
  readonly #sent = new Map<string, string>();

  /** @param connection The connection to the client. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Sends the errors of a notebook, as far as they are known.
   *
   * @param changed Documents for which diagnostics are sent even if they are the same as before;
   *   those for which this has been done are removed.
   */
  publish({ cells }: Notebook, changed: Set<string>): void {
    for (const [uri, group] of byDocument(cells)) {
      // A document of its own is not known until it has been checked.
      if (group.every(({ shown }) => shown === undefined)) continue;
      const diagnostics = group.flatMap((cell) =>
        (cell.shown ?? []).map((problem) => toDiagnostic(problem, cell)),
      );
      const always = changed.delete(uri);
      this.#send(uri, group[0]!.place.version, diagnostics, always);
    }
  }

  /** Removes the diagnostics of a document. */
  clear(uri: string): void {
    if (this.#sent.delete(uri)) {
      void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    }
  }

  #send(
    uri: string,
    version: number,
    diagnostics: Diagnostic[],
    always: boolean,
  ): void {
    const text = JSON.stringify(diagnostics);
    if (!always && this.#sent.get(uri) === text) return;
    this.#sent.set(uri, text);
    void this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }
}

function byDocument(
  cells: readonly NotebookCell[],
): ReadonlyMap<string, readonly NotebookCell[]> {
  const documents = new Map<string, NotebookCell[]>();
  for (const cell of cells) {
    const group = documents.get(cell.place.uri) ?? [];
    documents.set(cell.place.uri, group);
    group.push(cell);
  }
  return documents;
}

/** Returns an error of a cell as a diagnostic of the client's document. */
export function toDiagnostic(
  { diagnostic, importedAs }: CellProblem,
  cell: NotebookCell,
): Diagnostic {
  const { code, category } = diagnostic;
  const message = messageOf(diagnostic);
  const common = { code, source: SOURCE, severity: severityOf(category) };
  if (importedAs !== undefined && diagnostic.file) {
    const { start, length } = specifierIn(cell.file, importedAs);
    const { file } = diagnostic;
    const { line, character } = file.getLineAndCharacterOfPosition(
      diagnostic.start ?? 0,
    );
    const place = { line, character };
    return {
      ...common,
      range: cell.rangeOf(start, length),
      message: `${importedAs} has an error in line ${line + 1}: ${message}`,
      relatedInformation: [
        {
          location: {
            uri: pathToFileURL(file.fileName).href,
            range: { start: place, end: place },
          },
          message,
        },
      ],
    };
  }
  return {
    ...common,
    ...tagsOf(diagnostic),
    range: cell.rangeOf(diagnostic.start ?? 0, diagnostic.length ?? 0),
    message,
  };
}

function messageOf({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, "\n");
}

function severityOf(category: ts.DiagnosticCategory): DiagnosticSeverity {
  if (category === ts.DiagnosticCategory.Warning) {
    return DiagnosticSeverity.Warning;
  }
  return category === ts.DiagnosticCategory.Error
    ? DiagnosticSeverity.Error
    : DiagnosticSeverity.Hint;
}

function tagsOf({ reportsUnnecessary, reportsDeprecated }: ts.Diagnostic): {
  tags?: DiagnosticTag[];
} {
  const tags = [
    ...(reportsUnnecessary ? [DiagnosticTag.Unnecessary] : []),
    ...(reportsDeprecated ? [DiagnosticTag.Deprecated] : []),
  ];
  return tags.length > 0 ? { tags } : {};
}

/** Returns the place of a module specifier in a cell. */
function specifierIn(
  file: ts.SourceFile,
  name: string,
): { readonly start: number; readonly length: number } {
  let found = { start: 0, length: 0 };
  walk(ts, file, (node) => {
    if (ts.isStringLiteralLike(node) && node.text === name) {
      found = { start: node.getStart(file), length: node.getWidth(file) };
    }
    return found.length === 0;
  });
  return found;
}
