/**
 * Finds the cells in the text that JupyterLab sends for a notebook.
 *
 * JupyterLab (`VirtualDocument` in @jupyterlab/lsp) sends one text with all code cells: after each
 * cell, a line break and, before the next one, two more. The borders are not marked otherwise, so
 * that two blank lines within a cell look like one. Where the text before them is only complete
 * together with the text behind them, as in the middle of a function or of a template string, they
 * are not taken for a border.
 */
import ts from "typescript";
import { completeness } from "../compiler/completeness";
import { internalFile } from "../compiler/checker/internal-typescript";
import { checkedText } from "./cell-text";

const BORDER = "\n\n\n";

/** The most pieces of text that are tried as one cell. */
const MOST_PIECES = 8;

/** A cell in the text. */
export interface JoinedCell {
  readonly text: string;
  /** The line of the text in which it begins, from 0. */
  readonly firstLine: number;
}

type Status = ReturnType<typeof completeness>["status"];

/** The text of one notebook, which changes. */
export class JoinedDocument {
  /** The status of each piece of the current text. */
  #known = new Map<string, Status>();

  /** Returns the cells of the text, in order. */
  split(text: string): JoinedCell[] {
    const before = this.#known;
    this.#known = new Map();
    const status = (piece: string): Status => {
      const found = before.get(piece) ?? this.#known.get(piece);
      const value = found ?? statusOf(piece);
      this.#known.set(piece, value);
      return value;
    };
    const pieces = text.split(BORDER);
    const cells: JoinedCell[] = [];
    let firstLine = 0;
    for (let index = 0; index < pieces.length;) {
      const count = piecesOfCell(pieces, index, status);
      const cell = pieces.slice(index, index + count).join(BORDER);
      cells.push({ text: cell, firstLine });
      firstLine += lineBreaks(cell) + BORDER.length;
      index += count;
    }
    return cells;
  }
}

/** Returns the number of pieces that make up the cell that begins with the piece at an index. */
function piecesOfCell(
  pieces: readonly string[],
  index: number,
  status: (piece: string) => Status,
): number {
  if (status(pieces[index]!) !== "incomplete") return 1;
  const most = Math.min(MOST_PIECES, pieces.length - index);
  for (let count = 2; count <= most; count += 1) {
    const joined = pieces.slice(index, index + count).join(BORDER);
    if (status(joined) === "complete") return count;
  }
  return 1;
}

function statusOf(text: string): Status {
  const checked = checkedText(text);
  const errors = (name: string) =>
    internalFile(ts.createSourceFile(name, checked, ts.ScriptTarget.ES2022))
      .parseDiagnostics;
  const plain = errors("cell.ts");
  if (plain.length === 0 || errors("cell.tsx").length === 0) return "complete";
  return completeness(checked, plain).status;
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    count += 1;
  }
  return count;
}
