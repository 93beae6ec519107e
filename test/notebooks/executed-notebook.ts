/**
 * Runs a lesson in quick mode on the synthetic images for the tests, and reads its outputs by row.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  executeNotebook,
  type Execution,
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

  /**
   * Returns all outputs at a place, in order: a row of the lesson's source, or "#" and the id of a
   * cell, which need not belong to a row.
   */
  outputs(place: string): readonly CellOutput[] {
    const found = this.cells.filter(({ id, cell_type, metadata }) => {
      const mirrors = metadata["mirrors"] as { row: string } | false;
      return (
        cell_type === "code" &&
        [`#${id}`, mirrors ? mirrors.row : undefined].includes(place)
      );
    });
    assert.ok(found.length > 0, `no code cell at "${place}"`);
    return found.flatMap(({ outputs = [] }) => outputs);
  }

  /** Returns the text of each output at a place. */
  texts(place: string): string[] {
    return this.outputs(place).map(({ text, data }) =>
      joined(text ?? (data as Record<string, unknown>)["text/plain"]),
    );
  }

  /** Returns the text of all outputs at a place. */
  text(place: string): string {
    return this.texts(place).join("\n");
  }

  /** Returns the Plotly figures at a place, as JSON. */
  figures(place: string): string[] {
    return this.outputs(place)
      .map(({ data }) => data as Record<string, unknown> | undefined)
      .flatMap((data) => data?.["application/vnd.plotly.v1+json"] ?? [])
      .map((figure) => JSON.stringify(figure));
  }
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text);
}

/** The largest page: 3.0 MB, which is half of it plotly.js, and 3.5 MB for lesson 3. */
const maxPageLength = 3_500_000;

/** The results of a quick run. */
export interface QuickRun {
  readonly events: readonly LessonEvent[];
  readonly executed: Executed;
  readonly page: string;
  readonly rows: readonly ResultRow[];
  readonly remove: () => void;
}

/**
 * Executes a notebook in quick mode as on a new clone: without a data folder and with an empty
 * cache.
 *
 * @param out The folder of the executed notebook, its page and the cache.
 */
export function executeQuick(
  notebook: string,
  out: string,
  onEvent: (event: LessonEvent) => void = () => undefined,
): Promise<Execution> {
  return executeNotebook({
    root,
    notebook,
    out,
    mode: "quick",
    environment: {
      CONVNOTES_DATA: undefined,
      XDG_CACHE_HOME: path.join(out, "cache"),
    },
    onEvent,
  });
}

/** Runs a lesson in quick mode as on a new clone: without a data folder and with an empty cache. */
export async function quickRun(lesson: number): Promise<QuickRun> {
  const { folder, remove } = folderInProject();
  const events: LessonEvent[] = [];
  const end = await executeQuick(storedLesson(lesson), folder, (event) =>
    events.push(event),
  );
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

/** Asserts that the page shows every figure, and contains plotly.js once at most. */
export function assertPage({ executed, page }: QuickRun): void {
  const figures = executed.cells
    .flatMap((cell) => cell.outputs ?? [])
    .filter(({ data = {} }) =>
      Object.hasOwn(data as object, "application/vnd.plotly.v1+json"),
    );
  assert.equal(page.split("<figure ").length - 1, figures.length);
  const live = page.includes('class="convnotes-plot"');
  assert.equal(page.split("* plotly.js (cartesian").length - 1, live ? 1 : 0);
  assert.ok(page.length <= maxPageLength, `${page.length} characters`);
}

/** Splits a text into lines. */
export const lines = (text: string) => text.split("\n");
