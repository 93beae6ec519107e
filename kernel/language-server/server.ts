/**
 * Answers an editor's requests about the cells of notebooks, by the Language Server Protocol
 * (https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/).
 */
import { fileURLToPath } from "node:url";
import {
  type Connection,
  CodeActionKind,
  type InitializeParams,
  type InitializeResult,
  type ServerCapabilities,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import { version } from "../package.json";
import { codeActions } from "./code-actions";
import { completion, type ItemData, resolved } from "./completion";
import { definition } from "./definition";
import { hover } from "./hover";
import type { CellPosition } from "./locations";
import { OpenDocuments } from "./open-documents";
import { highlights, references } from "./references";
import { prepareRename, rename } from "./rename";
import { signatureHelp } from "./signature-help";

const capabilities: ServerCapabilities = {
  textDocumentSync: {
    openClose: true,
    change: TextDocumentSyncKind.Incremental,
    save: true,
  },
  notebookDocumentSync: {
    notebookSelector: [{ notebook: "*", cells: [{ language: "typescript" }] }],
    save: true,
  },
  hoverProvider: true,
  completionProvider: {
    triggerCharacters: [".", '"', "'", "`", "/", "@", "#"],
    resolveProvider: true,
  },
  signatureHelpProvider: { triggerCharacters: ["(", ",", "<"] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
};

/** Serves a client until it disconnects. */
export function serve(connection: Connection): void {
  const documents = new OpenDocuments(connection);

  /** Answers a request about a position; null if it is in no document that is checked. */
  function answer<Parameters extends TextDocumentPositionParams, Result>(
    find: (position: CellPosition, parameters: Parameters) => Result,
  ): (parameters: Parameters) => Result | null {
    return (parameters) => {
      const { textDocument, position } = parameters;
      const place = documents.at(textDocument.uri, position);
      return place === undefined ? null : find(place, parameters);
    };
  }

  connection.onInitialize((parameters): InitializeResult => {
    documents.root = rootOf(parameters) ?? documents.root;
    return {
      capabilities,
      serverInfo: { name: "convnotes", version },
    };
  });
  documents.listen();
  connection.onDidChangeWatchedFiles(() => documents.filesChanged());
  connection.onHover(answer(hover));
  connection.onCompletion(answer(completion));
  connection.onCompletionResolve((item) => {
    const { uri, line, character } = item.data as ItemData;
    const place = documents.at(uri, { line, character });
    return place === undefined ? item : resolved(item, place);
  });
  connection.onSignatureHelp(answer(signatureHelp));
  connection.onDefinition(answer(definition));
  connection.onReferences(
    answer((place, { context }) => references(place, context)),
  );
  connection.onDocumentHighlight(answer(highlights));
  connection.onPrepareRename(answer(prepareRename));
  connection.onRenameRequest(
    answer((place, { newName }) => rename(place, newName)),
  );
  connection.onCodeAction(({ textDocument, range }) => {
    const place = documents.at(textDocument.uri, range.start);
    return place && codeActions(place.notebook, place.cell, range);
  });
  connection.listen();
}

/** Returns the folder that the client has open. */
function rootOf({
  workspaceFolders,
  ...parameters
}: InitializeParams): string | undefined {
  const uri = workspaceFolders?.[0]?.uri ?? parameters.rootUri;
  return uri?.startsWith("file:") ? fileURLToPath(uri) : undefined;
}
