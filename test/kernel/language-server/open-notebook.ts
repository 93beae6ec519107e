/**
 * A notebook in the tests' editor: with a document for each cell, as VS Code sends it, or with one
 * for all cells, as JupyterLab does. Cells are counted from 0.
 */
import assert from "node:assert/strict";
import type {
  Diagnostic,
  Location,
  TextDocumentPositionParams,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { until } from "../../until";
import { edited, type EditorClient, placeOf } from "./editor-client";

/** The place of a cell in a document of the editor. */
interface CellLines {
  readonly uri: string;
  readonly firstLine: number;
  readonly text: string;
}

/** A notebook of either kind. */
export abstract class OpenNotebook {
  readonly client: EditorClient;
  readonly uri: string;
  readonly texts: string[];
  protected version = 1;

  protected constructor(client: EditorClient, texts: readonly string[]) {
    OpenNotebook.#count += 1;
    this.client = client;
    this.uri = client.uri(`notebook${OpenNotebook.#count}.ipynb`);
    this.texts = [...texts];
  }

  static #count = 0;

  /** Returns where the cells are. */
  protected abstract get lines(): readonly CellLines[];
  abstract change(cell: number, text: string): Promise<void>;
  abstract insert(cell: number, text: string): Promise<void>;
  abstract remove(cell: number): Promise<void>;
  abstract close(): Promise<void>;

  /** Sends a request about a mark in a cell. */
  async ask<Result>(
    method: string,
    cell: number,
    marked: string,
    more: object = {},
  ): Promise<Result> {
    const at = this.at(cell, marked);
    return this.client.request(`textDocument/${method}`, { ...at, ...more });
  }

  /** Returns the place of a mark in a cell. */
  at(cell: number, marked: string): TextDocumentPositionParams {
    const { uri, firstLine, text } = this.lines[cell]!;
    const { line, character } = placeOf(text, marked);
    const position = { line: line + firstLine, character };
    return { textDocument: { uri }, position };
  }

  /** Returns what a location marks, such as "0: name". */
  textAt({ uri, range }: Location): string {
    const { start, end } = range;
    const cell = this.lines
      .map((each) => each.uri === uri && each.firstLine <= start.line)
      .lastIndexOf(true);
    if (cell < 0) return uri;
    const { text, firstLine } = this.lines[cell]!;
    assert.equal(start.line, end.line);
    const line = text.split("\n")[start.line - firstLine]!;
    return `${cell}: ${line.slice(start.character, end.character)}`;
  }

  /** Returns the texts of the cells after an edit. */
  after({ changes = {} }: WorkspaceEdit): string[] {
    return this.lines.map(({ uri, firstLine, text }) => {
      const last = firstLine + text.split("\n").length;
      const inCell = (changes[uri] ?? [])
        .filter(
          ({ range }) =>
            firstLine <= range.start.line && range.start.line < last,
        )
        .map(({ range: { start, end }, newText }) => ({
          newText,
          range: {
            start: { ...start, line: start.line - firstLine },
            end: { ...end, line: end.line - firstLine },
          },
        }));
      return edited(text, inCell);
    });
  }

  /** Returns the errors of a cell, as far as they have been published. */
  errors(cell: number): readonly Diagnostic[] | undefined {
    const { uri, firstLine, text } = this.lines[cell]!;
    const last = firstLine + text.split("\n").length;
    return this.client
      .last(uri)
      ?.diagnostics.filter(
        ({ range }) => firstLine <= range.start.line && range.start.line < last,
      );
  }

  /** Waits until the cells' errors are these: "code marked text" for each. */
  async shows(expected: readonly (readonly string[])[]): Promise<void> {
    const shown = () =>
      expected.map((_, cell) =>
        this.errors(cell)?.map(
          ({ code, range }) =>
            `${code} ${this.textAt({ uri: this.lines[cell]!.uri, range }).replace(/^\d+: /, "")}`,
        ),
      );
    await until(
      () => JSON.stringify(shown()) === JSON.stringify(expected),
      () => `${JSON.stringify(expected)}, last ${JSON.stringify(shown())}`,
    );
  }
}

/** With a document for each cell. */
export class CellNotebook extends OpenNotebook {
  readonly #cells: { readonly uri: string; version: number }[];

  private constructor(client: EditorClient, texts: readonly string[]) {
    super(client, texts);
    this.#cells = texts.map(() => this.#newCell());
  }

  #serial = 0;
  #newCell() {
    this.#serial += 1;
    const uri = this.uri.replace("file:", "vscode-notebook-cell:");
    return { uri: `${uri}#cell${this.#serial}`, version: 1 };
  }

  /** Opens a notebook with these cells. */
  static async open(
    client: EditorClient,
    texts: readonly string[],
  ): Promise<CellNotebook> {
    const notebook = new CellNotebook(client, texts);
    const { uri } = notebook;
    await client.notify("notebookDocument/didOpen", {
      notebookDocument: {
        ...{ uri, notebookType: "jupyter-notebook", version: 1 },
        cells: notebook.#cells.map((cell) => ({ kind: 2, document: cell.uri })),
      },
      cellTextDocuments: notebook.#cells.map((cell, index) =>
        item(cell.uri, texts[index]!),
      ),
    });
    return notebook;
  }

  get lines(): readonly CellLines[] {
    return this.#cells.map(({ uri }, index) => ({
      ...{ uri, firstLine: 0, text: this.texts[index]! },
    }));
  }

  async change(cell: number, text: string): Promise<void> {
    this.texts[cell] = text;
    const document = this.#cells[cell]!;
    document.version += 1;
    const changes = [{ text }];
    await this.#send({
      cells: { textContent: [{ document: { ...document }, changes }] },
    });
  }

  async insert(cell: number, text: string): Promise<void> {
    const added = this.#newCell();
    this.texts.splice(cell, 0, text);
    this.#cells.splice(cell, 0, added);
    await this.#send({
      cells: {
        structure: {
          array: {
            ...{ start: cell, deleteCount: 0 },
            cells: [{ kind: 2, document: added.uri }],
          },
          didOpen: [item(added.uri, text)],
        },
      },
    });
  }

  async remove(cell: number): Promise<void> {
    const [removed] = this.#cells.splice(cell, 1);
    this.texts.splice(cell, 1);
    await this.#send({
      cells: {
        structure: {
          array: { start: cell, deleteCount: 1 },
          didClose: [{ uri: removed!.uri }],
        },
      },
    });
  }

  async close(): Promise<void> {
    await this.client.notify("notebookDocument/didClose", {
      notebookDocument: { uri: this.uri },
      cellTextDocuments: this.#cells.map(({ uri }) => ({ uri })),
    });
  }

  async #send(change: object): Promise<void> {
    this.version += 1;
    await this.client.notify("notebookDocument/didChange", {
      notebookDocument: { uri: this.uri, version: this.version },
      change,
    });
  }
}

/** With one document for all cells. */
export class JoinedNotebook extends OpenNotebook {
  /** Opens a notebook with these cells. */
  static async open(
    client: EditorClient,
    texts: readonly string[],
  ): Promise<JoinedNotebook> {
    const notebook = new JoinedNotebook(client, texts);
    await client.notify("textDocument/didOpen", {
      textDocument: item(notebook.uri, notebook.#text),
    });
    return notebook;
  }

  /** As `VirtualDocument` in @jupyterlab/lsp joins the cells. */
  get #text(): string {
    return this.texts.map((text) => `${text}\n`).join("\n\n");
  }

  get lines(): readonly CellLines[] {
    let firstLine = 0;
    return this.texts.map((text) => {
      const lines = { uri: this.uri, firstLine, text };
      firstLine += text.split("\n").length + 2;
      return lines;
    });
  }

  async change(cell: number, text: string): Promise<void> {
    this.texts[cell] = text;
    await this.#send();
  }

  async insert(cell: number, text: string): Promise<void> {
    this.texts.splice(cell, 0, text);
    await this.#send();
  }

  async remove(cell: number): Promise<void> {
    this.texts.splice(cell, 1);
    await this.#send();
  }

  async close(): Promise<void> {
    await this.client.notify("textDocument/didClose", {
      textDocument: { uri: this.uri },
    });
  }

  async #send(): Promise<void> {
    this.version += 1;
    await this.client.notify("textDocument/didChange", {
      textDocument: { uri: this.uri, version: this.version },
      contentChanges: [{ text: this.#text }],
    });
  }
}

function item(uri: string, text: string) {
  return { uri, languageId: "typescript", version: 1, text };
}
