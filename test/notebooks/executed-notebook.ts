/**
 * Runs a lesson in quick mode on the synthetic images for the tests, and reads its outputs by row.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  executeNotebook,
  type LessonEvent,
} from "../../scripts/lessons/execution";
import { resultRows } from "../../scripts/lessons/results";
import type { ResultRow } from "../../src/course/result-row";
import {
  folderInProject,
  root,
  type Cell,
  type CellOutput,
} from "../lessons/notebook-file";

/** Returns the path of a lesson's notebook in the repository. */
export const storedLesson = (lesson: number) =>
  path.join(root, "notebooks", `lesson-${lesson}.ipynb`);

/** An executed notebook and the outputs of its cells. */
export class Executed {
  readonly cells: readonly Cell[];

  constructor(file: string) {
    this.cells = (
      JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] }
    ).cells;
  }

  /** Returns all outputs of a row's code cells, in order. */
  outputs(row: string): readonly CellOutput[] {
    return this.cells
      .filter((cell) => {
        const mirrors = cell.metadata["mirrors"] as { row: string } | null;
        return cell.cell_type === "code" && mirrors?.row === row;
      })
      .flatMap((cell) => cell.outputs ?? []);
  }

  /** Returns the text of all outputs of a row. */
  text(row: string): string {
    return textOf(this.outputs(row));
  }

  /** Returns the text of one cell's outputs; the cell need not belong to a row. */
  cellText(id: string): string {
    return textOf(this.#cellOutputs(id));
  }

  /** Returns the Plotly figures of one cell, as JSON. */
  cellFigures(id: string): string[] {
    return figuresOf(this.#cellOutputs(id));
  }

  /** Returns the Plotly figures of a row, as JSON. */
  figures(row: string): string[] {
    return figuresOf(this.outputs(row));
  }

  #cellOutputs(id: string): readonly CellOutput[] {
    const cell = this.cells.find((each) => each.id === id);
    assert.ok(cell !== undefined, `no cell "${id}"`);
    return cell.outputs ?? [];
  }
}

const figuresOf = (outputs: readonly CellOutput[]) =>
  outputs
    .map(({ data }) => data as Record<string, unknown> | undefined)
    .flatMap((data) => data?.["application/vnd.plotly.v1+json"] ?? [])
    .map((figure) => JSON.stringify(figure));

const textOf = (outputs: readonly CellOutput[]) =>
  outputs
    .map(({ text, data }) =>
      joined(text ?? (data as Record<string, unknown>)["text/plain"]),
    )
    .join("\n");

export function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text);
}

/** The results of a quick run. */
export interface QuickRun {
  readonly events: readonly LessonEvent[];
  readonly executed: Executed;
  readonly page: string;
  readonly rows: readonly ResultRow[];
  readonly remove: () => void;
}

/** Runs a lesson in quick mode as on a new clone: without a data folder and with an empty cache. */
export async function quickRun(lesson: number): Promise<QuickRun> {
  const { folder, remove } = folderInProject();
  const events: LessonEvent[] = [];
  const end = await executeNotebook({
    root,
    notebook: storedLesson(lesson),
    out: folder,
    mode: "quick",
    environment: {
      CONVNOTES_DATA: undefined,
      XDG_CACHE_HOME: path.join(folder, "cache"),
    },
    onEvent: (event) => events.push(event),
  });
  if (end.kind !== "finished") {
    remove();
    assert.fail(`the lesson did not run to its end: ${JSON.stringify(end)}`);
  }
  return {
    events,
    executed: new Executed(end.notebook),
    page: readFileSync(end.page, "utf8"),
    rows: resultRows(end.notebook, { lesson, mode: "quick" }),
    remove,
  };
}

/** Asserts that no cell failed or wrote to standard error. */
export function assertQuiet({ cells }: Executed): void {
  for (const cell of cells) {
    for (const output of cell.outputs ?? []) {
      assert.notEqual(output.output_type, "error", joined(cell.source));
      assert.notEqual(output["name"], "stderr", joined(output["text"]));
    }
  }
}

/** Asserts that the page shows every figure and contains plotly.js once. */
export function assertPage({ executed, page }: QuickRun): void {
  const figures = executed.cells
    .flatMap((cell) => cell.outputs ?? [])
    .filter(({ data = {} }) =>
      Object.hasOwn(data as object, "application/vnd.plotly.v1+json"),
    );
  assert.equal(page.split('class="convnotes-plot"').length - 1, figures.length);
  assert.equal(page.split("plotly.js v").length - 1, 1);
}

/** The expected rows and totals of a model summary. */
export interface ExpectedSummary {
  readonly layers: readonly (readonly [
    layer: string,
    shape: string,
    parameters: string,
  ])[];
  readonly total: string;
  /** As printed, such as "49.95 KB"; not checked if omitted. */
  readonly size?: string;
  readonly nonTrainable?: string;
}

/** Asserts that a row's text contains the expected summary, with every layer and total. */
export function assertSummary(text: string, expected: ExpectedSummary): void {
  const { layers, total, size, nonTrainable = "0" } = expected;
  assert.match(text, /^Model: "/m);
  const rows = tableRows(text);
  const start = rows.findIndex(([name]) => name === layers[0]![0]);
  assert.deepEqual(
    rows.slice(start, start + layers.length),
    layers.map((layer) => [...layer]),
  );
  const trainable = number(total) - number(nonTrainable);
  assert.ok(text.includes(`Total params: ${total} (${size ?? ""}`), text);
  const written = trainable.toLocaleString("en-US");
  assert.match(text, new RegExp(`^Trainable params: ${written} `, "m"));
  assert.match(
    text,
    new RegExp(`^Non-trainable params: ${nonTrainable} `, "m"),
  );
}

const number = (written: string) => Number(written.replaceAll(",", ""));

/** Returns the cells of a text table, line by line. */
export function tableRows(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Splits a text into lines. */
export const lines = (text: string) => text.split("\n");
