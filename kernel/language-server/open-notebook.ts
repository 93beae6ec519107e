/**
 * A notebook at the client: one document for each cell, one document for all cells, or a file that
 * is no notebook. Passes changes of the text on to a `Notebook`.
 */
import type { TextDocument } from "vscode-languageserver-textdocument";
import { JoinedDocument } from "./joined-document";
import type { Notebook } from "./notebook";
import { type CellPlace, NotebookCell } from "./notebook-cell";

/** The text of a cell and its place. */
interface CellSource extends CellPlace {
  readonly text: string;
}

/** A notebook whose cells are documents of their own, as VS Code sends it. */
export class CellDocuments {
  readonly #notebook: Notebook;

  /** @param notebook Receives the cells. */
  constructor(notebook: Notebook) {
    this.#notebook = notebook;
  }

  /**
   * Takes over the cells' texts. Returns the URIs of the changed documents.
   *
   * @param documents The documents of the code cells, in the order of the notebook.
   */
  update(documents: readonly TextDocument[]): ReadonlySet<string> {
    const known = new Map(
      this.#notebook.cells.map((cell) => [cell.place.uri, cell]),
    );
    const changed = new Set<string>();
    const cells = documents.map((document) => {
      const { uri, version } = document;
      const source = { uri, version, firstLine: 0, text: document.getText() };
      const cell = known.get(uri);
      if (cell === undefined) {
        changed.add(uri);
        return created(source);
      }
      cell.place = source;
      if (cell.setText(source.text)) changed.add(uri);
      return cell;
    });
    this.#notebook.setCells(cells);
    return changed;
  }
}

/** A document with all cells, as JupyterLab sends it, or with one. */
export class OneDocument {
  readonly #notebook: Notebook;
  readonly #joined: JoinedDocument | undefined;

  /**
   * @param notebook Receives the cells.
   * @param isNotebook Whether the document has several cells.
   */
  constructor(notebook: Notebook, isNotebook: boolean) {
    this.#notebook = notebook;
    this.#joined = isNotebook ? new JoinedDocument() : undefined;
  }

  /** Takes over the document's text. Returns its URI. */
  update(document: TextDocument): ReadonlySet<string> {
    const { uri, version } = document;
    const text = document.getText();
    const found = this.#joined?.split(text) ?? [{ text, firstLine: 0 }];
    const sources = found.map((cell) => ({ uri, version, ...cell }));
    this.#notebook.setCells(matched(this.#notebook.cells, sources));
    return new Set([uri]);
  }
}

/**
 * Returns cells with these texts, which are the known cells where the texts are the same or where
 * as many cells lie between those that are.
 */
function matched(
  known: readonly NotebookCell[],
  sources: readonly CellSource[],
): NotebookCell[] {
  const shared = Math.min(known.length, sources.length);
  let start = 0;
  while (start < shared && known[start]!.text === sources[start]!.text) {
    start += 1;
  }
  let end = 0;
  while (
    end < shared - start &&
    known.at(-1 - end)!.text === sources.at(-1 - end)!.text
  ) {
    end += 1;
  }
  const between = known.slice(start, known.length - end);
  const isSameCount = known.length === sources.length;
  const byText = new Map(between.map((cell) => [cell.text, cell]));
  return sources.map((source, index) => {
    const fromEnd = sources.length - index;
    if (index < start) return placed(known[index]!, source);
    if (fromEnd <= end) return placed(known.at(-fromEnd)!, source);
    if (isSameCount) return placed(known[index]!, source);
    const same = byText.get(source.text);
    byText.delete(source.text);
    return same === undefined ? created(source) : placed(same, source);
  });
}

function created(source: CellSource): NotebookCell {
  return new NotebookCell(source, source.text);
}

function placed(cell: NotebookCell, source: CellSource): NotebookCell {
  cell.place = source;
  cell.setText(source.text);
  return cell;
}
