/**
 * Keeps the documents that the client has open: notebooks as VS Code sends them, with a document
 * for each cell, and text documents, among them JupyterLab's notebooks.
 */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Connection,
  type NotebookDocument,
  NotebookCellKind,
  NotebookDocuments,
  type Position,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { FileStore } from "../compiler/checker/file-store";
import { compilerSettings } from "../compiler/settings";
import { CheckSchedule } from "./check-schedule";
import { DiagnosticsPublisher } from "./diagnostics";
import type { CellPosition } from "./locations";
import { Notebook } from "./notebook";
import { CellDocuments, OneDocument } from "./open-notebook";

/** The languages of the protocol that are checked. */
const LANGUAGES: ReadonlySet<string> = new Set([
  "typescript",
  "typescriptreact",
]);

/** Matches URIs of files that are not notebooks. */
const PLAIN_FILE = /\.[cm]?[jt]sx?$/;

/** An open notebook with what belongs to it. */
interface Open<Documents> {
  readonly notebook: Notebook;
  readonly documents: Documents;
  readonly schedule: CheckSchedule;
}

/** The open documents. */
export class OpenDocuments {
  readonly #connection: Connection;
  readonly #publisher: DiagnosticsPublisher;
  readonly #files = new FileStore();
  readonly #texts = new TextDocuments(TextDocument);
  readonly #notebooks = new NotebookDocuments(TextDocument);
  /** By the URI of the notebook. */
  readonly #open = new Map<string, Open<CellDocuments>>();
  /** By the URI of the document. */
  readonly #openTexts = new Map<string, Open<OneDocument>>();
  /** The folder of documents that are in none, such as those that have not been saved. */
  root = process.cwd();

  /** @param connection The connection to the client, which receives the errors. */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.#publisher = new DiagnosticsPublisher(connection);
  }

  /** Receives the documents and their changes. */
  listen(): void {
    this.#texts.onDidOpen(({ document }) => this.#openText(document));
    this.#texts.onDidChangeContent(({ document }) => {
      const open = this.#openTexts.get(document.uri);
      open?.schedule.start(open.documents.update(document));
    });
    this.#texts.onDidClose(({ document }) => {
      this.#openTexts.get(document.uri)?.schedule.stop();
      this.#openTexts.delete(document.uri);
      this.#publisher.clear(document.uri);
    });
    this.#notebooks.onDidOpen((document) => {
      this.#open.set(
        document.uri,
        this.#start(document.uri, (notebook) => new CellDocuments(notebook)),
      );
      this.#update(document);
    });
    this.#notebooks.onDidChange(({ notebookDocument }) =>
      this.#update(notebookDocument),
    );
    this.#notebooks.onDidClose(({ uri }) => this.#close(uri));
    this.#texts.onDidSave(() => this.filesChanged());
    this.#notebooks.onDidSave(() => this.filesChanged());
    this.#texts.listen(this.#connection);
    this.#notebooks.listen(this.#connection);
  }

  /** Looks for changed files, and checks what imports them. */
  filesChanged(): void {
    for (const { notebook, schedule } of this.#all()) {
      notebook.lookForChanges();
      schedule.start();
    }
  }

  /** Returns the cell at a position of a document, with all cells up to date. */
  at(uri: string, position: Position): CellPosition | undefined {
    const open = this.#openTexts.get(uri) ?? this.#openWith(uri);
    if (open === undefined) return undefined;
    const { notebook } = open;
    notebook.update();
    const cell = notebook.cells
      .filter(
        ({ place }) => place.uri === uri && place.firstLine <= position.line,
      )
      .at(-1);
    return cell && { notebook, cell, offset: cell.offsetAt(position) };
  }

  #openWith(uri: string): Open<CellDocuments> | undefined {
    const cell = this.#notebooks.findNotebookDocumentForCell(uri);
    return cell && this.#open.get(cell.uri);
  }

  #all(): Open<unknown>[] {
    return [...this.#open.values(), ...this.#openTexts.values()];
  }

  #openText(document: TextDocument): void {
    const { uri, languageId } = document;
    if (!LANGUAGES.has(languageId)) return;
    const isNotebook = !PLAIN_FILE.test(uri);
    const open = this.#start(
      uri,
      (notebook) => new OneDocument(notebook, isNotebook),
    );
    this.#openTexts.set(uri, open);
  }

  #update(document: NotebookDocument): void {
    const open = this.#open.get(document.uri);
    if (open === undefined) return;
    const before = open.notebook.cells.map(({ place }) => place.uri);
    const documents = document.cells
      .filter(({ kind }) => kind === NotebookCellKind.Code)
      .flatMap((cell) => this.#notebooks.getCellTextDocument(cell) ?? [])
      .filter(({ languageId }) => LANGUAGES.has(languageId));
    open.schedule.start(open.documents.update(documents));
    const uris = new Set(documents.map(({ uri }) => uri));
    for (const uri of before) if (!uris.has(uri)) this.#publisher.clear(uri);
  }

  #close(uri: string): void {
    const open = this.#open.get(uri);
    open?.schedule.stop();
    this.#open.delete(uri);
    for (const { place } of open?.notebook.cells ?? []) {
      this.#publisher.clear(place.uri);
    }
  }

  #start<Documents>(
    uri: string,
    createDocuments: (notebook: Notebook) => Documents,
  ): Open<Documents> {
    const settings = compilerSettings("checked", this.#folderOf(uri));
    const notebook = new Notebook(settings, this.#files);
    const schedule = new CheckSchedule(
      notebook,
      (changed) => this.#publisher.publish(notebook, changed),
      (error) => this.#connection.console.error(String(error)),
    );
    return { notebook, documents: createDocuments(notebook), schedule };
  }

  #folderOf(uri: string): string {
    if (!uri.startsWith("file:")) return this.root;
    const folder = dirname(fileURLToPath(uri));
    return existsSync(folder) ? folder : this.root;
  }
}
