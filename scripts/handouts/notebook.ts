/**
 * Notebook files, nbformat 4 (https://nbformat.readthedocs.io/en/latest/format_description.html).
 */
import { readFileSync } from "node:fs";

/** A cell of a notebook. */
export interface Cell {
  readonly cell_type: "code" | "markdown" | "raw";
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string | readonly string[];
  readonly outputs?: readonly Readonly<Record<string, unknown>>[];
  readonly execution_count?: number | null;
}

/** Metadata of a cell. Others than these are kept as they are. */
export interface CellMetadata {
  readonly tags?: readonly string[];
  readonly nbgrader?: NbgraderMetadata;
  readonly [name: string]: unknown;
}

/** nbgrader's metadata of a cell, schema version 3. */
export interface NbgraderMetadata {
  /** Whether the cell has points. */
  readonly grade: boolean;
  /** Whether students write in it. */
  readonly solution: boolean;
  readonly locked: boolean;
  readonly points?: number;
  readonly grade_id: string;
}

/** A notebook. */
export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** Reads a notebook file. */
export function readNotebook(file: string): Notebook {
  return JSON.parse(readFileSync(file, "utf8")) as Notebook;
}

/** Returns the source of a cell as one string. */
export function sourceOf(cell: Cell): string {
  return typeof cell.source === "string" ? cell.source : cell.source.join("");
}

/** Returns a cell with another source, as a list of lines. */
export function withSource(cell: Cell, source: string): Cell {
  return { ...cell, source: source.split(/(?<=\n)/) };
}

/** Returns the text of a notebook file. */
export function notebookText(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}
