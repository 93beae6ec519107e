/**
 * A cell of an open notebook: its text at the client, its syntax tree and its errors.
 */
import type * as ts from "typescript";
import type { Position, Range } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { CellModule } from "../compiler/checker/cell-modules";
import type { SeenNames } from "./seen-names";
import { checkedText } from "./cell-text";

/** The place of a cell's text at the client. */
export interface CellPlace {
  /** The document that contains the text: one for each cell, or one for all. */
  readonly uri: string;
  /** The document's version. */
  readonly version: number;
  /** The line of the document in which the cell begins, from 0. */
  readonly firstLine: number;
}

/** What TypeScript knows of a cell's current text. */
export interface ParsedCell {
  readonly file: ts.SourceFile;
  readonly modules: readonly CellModule[];
}

/** An error of a cell. */
export interface CellProblem {
  readonly diagnostic: ts.Diagnostic;
  /** The specifier with which the cell imports the file that has the error. */
  readonly importedAs?: string;
}

/** A cell. `Notebook` parses and checks it. */
export class NotebookCell {
  place: CellPlace;
  #source: TextDocument;
  /** Undefined if the text has changed since. */
  parsed: ParsedCell | undefined;
  /** The meanings of the names that the cell mentions, when it was parsed. */
  seen: SeenNames | undefined;
  #problems: readonly CellProblem[] | undefined;
  #shown: readonly CellProblem[] | undefined;
  /** Whether the text has changed since the cell was checked. */
  isEdited = true;

  /** Use a {@link Notebook}, which parses and checks the cell. */
  constructor(place: CellPlace, text: string) {
    this.place = place;
    this.#source = documentOf(text);
  }

  /** The errors; undefined if the cell has to be checked. */
  get problems(): readonly CellProblem[] | undefined {
    return this.#problems;
  }

  set problems(found: readonly CellProblem[] | undefined) {
    this.#problems = found;
    if (found !== undefined) this.#shown = found;
  }

  /**
   * The errors to show: those found last for this text, perhaps before an earlier cell was edited.
   */
  get shown(): readonly CellProblem[] | undefined {
    return this.#shown;
  }

  /** The text at the client. */
  get text(): string {
    return this.#source.getText();
  }

  /** The text to check, of the same length: see `cell-text.ts`. */
  get checkedText(): string {
    return checkedText(this.text);
  }

  /** The syntax tree of the current text, after `Notebook.update`. */
  get file(): ts.SourceFile {
    return this.parsed!.file;
  }

  /** The number of lines, at least 1. */
  get lineCount(): number {
    return this.#source.lineCount;
  }

  /** Replaces the text. Returns whether it differs from the previous one. */
  setText(text: string): boolean {
    if (text === this.text) return false;
    this.#source = documentOf(text);
    this.parsed = undefined;
    this.seen = undefined;
    this.#problems = undefined;
    this.#shown = undefined;
    this.isEdited = true;
    return true;
  }

  /** Returns an offset in the cell as a position in the client's document. */
  positionAt(offset: number): Position {
    const { line, character } = this.#source.positionAt(offset);
    return { line: line + this.place.firstLine, character };
  }

  /** Returns a position in the client's document as an offset in the cell. */
  offsetAt({ line, character }: Position): number {
    return this.#source.offsetAt({
      line: line - this.place.firstLine,
      character,
    });
  }

  /** Returns a part of the cell as a range in the client's document. */
  rangeOf(start: number, length: number): Range {
    return {
      start: this.positionAt(start),
      end: this.positionAt(start + length),
    };
  }
}

function documentOf(text: string): TextDocument {
  return TextDocument.create("cell:", "typescript", 0, text);
}
