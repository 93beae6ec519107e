/**
 * Compares the lessons with the rows of their sources: no row is missing, out of order or invented.
 *
 * `notebooks/rows.json` lists, for each lesson, the rows of its source in order, and whether the
 * source has code there. The metadata of every cell names the row it mirrors, or marks it as an
 * addition.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";

interface Row {
  readonly row: string;
  readonly title: string;
  /** Whether the source has code in this row. */
  readonly code: boolean;
}

interface Cell {
  readonly id: string;
  readonly cell_type: "markdown" | "code" | "raw";
  readonly metadata: {
    readonly mirrors?:
      { readonly lesson: number; readonly row: string } | false;
  };
  readonly source: string | string[];
}

interface Notebook {
  readonly nbformat: number;
  readonly nbformat_minor: number;
  readonly metadata: { readonly kernelspec?: Record<string, string> };
  readonly cells: readonly Cell[];
}

const folder = path.join(__dirname, "..", "..", "notebooks");

/**
 * Maximum length of a cell, which should be readable at a glance. Longer code belongs in the
 * library.
 */
const maxLines = 15;
/**
 * Width of a line of code that a page shows without scrolling, on a screen of 1,280 pixels or more.
 */
const maxWidth = 114;
const maxBytes = 2_000_000;

const rowsOfLessons = read("rows.json") as Record<string, Row[]>;

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, file), "utf8"));
}

function textOf({ source }: Cell): string {
  return Array.isArray(source) ? source.join("") : source;
}

/** Returns the rows of the cells in order, without additions; consecutive equal rows count once. */
function rowsInOrder(cells: readonly Cell[]): string[] {
  const rows = cells.flatMap(({ metadata: { mirrors } }) =>
    mirrors ? [mirrors.row] : [],
  );
  return rows.filter((row, index) => row !== rows[index - 1]);
}

describe("rows.json", () => {
  test("names lessons by number, and each row once, with a title", () => {
    assert.ok(Object.keys(rowsOfLessons).length > 0);
    for (const [lesson, rows] of Object.entries(rowsOfLessons)) {
      assert.match(lesson, /^\d+$/);
      assert.ok(rows.length > 0, `lesson ${lesson} has no rows`);
      for (const { row, title, code, ...others } of rows) {
        assert.match(row, /^\S+$/);
        assert.ok(title.length > 3, `${row} of lesson ${lesson} has no title`);
        assert.equal(typeof code, "boolean");
        assert.deepEqual(others, {});
      }
      assert.equal(new Set(rows.map(({ row }) => row)).size, rows.length);
    }
  });

  test("every lesson has as many rows as its source", () => {
    // Lesson 1 by slides, the others by cells and the paragraphs between them: 99 in all.
    const counts = [8, 15, 13, 29, 34];
    assert.deepEqual(
      Object.entries(rowsOfLessons).map(([lesson, rows]) => [
        Number(lesson),
        rows.length,
      ]),
      [...counts.entries()],
    );
  });

  test("lesson 1 has the fifteen slides of its source", () => {
    assert.deepEqual(
      rowsOfLessons["1"]!.map(({ row }) => row),
      Array.from({ length: 15 }, (_, index) => `S${index + 1}`),
    );
  });
});

for (const [lesson, rows] of Object.entries(rowsOfLessons)) {
  const file = `lesson-${lesson}.ipynb`;

  describe(file, () => {
    test("exists", () => {
      assert.ok(existsSync(path.join(folder, file)));
    });
    const notebook = read(file) as Notebook;
    const { cells } = notebook;

    test("is in the format that has cell ids, each id valid and used once", () => {
      assert.equal(notebook.nbformat, 4);
      assert.equal(notebook.nbformat_minor, 5);
      for (const { id } of cells) assert.match(id, /^[\w-]{1,64}$/);
      assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length);
    });

    test("requests the project's kernel", () => {
      assert.deepEqual(notebook.metadata.kernelspec, {
        name: "convnotes",
        display_name: "TypeScript (convnotes)",
        language: "typescript",
      });
    });

    test("every cell names the row it mirrors, or is marked as an addition", () => {
      const known = new Set(rows.map(({ row }) => row));
      for (const { id, metadata } of cells) {
        assert.notEqual(metadata.mirrors, undefined, `cell ${id} names no row`);
        if (metadata.mirrors === false) continue;
        assert.deepEqual(
          Object.keys(metadata.mirrors!).sort(),
          ["lesson", "row"],
          `cell ${id}`,
        );
        assert.equal(metadata.mirrors!.lesson, Number(lesson), `cell ${id}`);
        assert.ok(
          known.has(metadata.mirrors!.row),
          `cell ${id} mirrors the unknown row ${metadata.mirrors!.row}`,
        );
      }
    });

    test("every row is mirrored, in the order of the source", () => {
      assert.deepEqual(
        rowsInOrder(cells),
        rows.map(({ row }) => row),
      );
    });

    test("every row has text, and code where the source has code", () => {
      for (const { row, code } of rows) {
        const own = cells.filter(({ metadata: { mirrors } }) =>
          mirrors ? mirrors.row === row : false,
        );
        const kinds = own.map((cell) => cell.cell_type);
        assert.ok(kinds.includes("markdown"), `${row} has no text`);
        if (code) assert.ok(kinds.includes("code"), `${row} has no code`);
      }
    });

    test(`no cell is empty, no code cell longer than ${maxLines} lines or wider than ${maxWidth} characters`, () => {
      for (const cell of cells) {
        assert.notEqual(textOf(cell).trim(), "", `cell ${cell.id} is empty`);
        if (cell.cell_type !== "code") continue;
        const lines = textOf(cell).split("\n");
        const { length } = lines;
        assert.ok(length <= maxLines, `cell ${cell.id} has ${length} lines`);
        const widest = Math.max(...lines.map((line) => line.length));
        assert.ok(
          widest <= maxWidth,
          `cell ${cell.id} has a line of ${widest} characters`,
        );
      }
    });

    test("cells do not manage memory, and contain no machine-specific path", () => {
      for (const cell of cells) {
        const text = textOf(cell);
        assert.doesNotMatch(text, /\b(tidy|dispose)\(/, `cell ${cell.id}`);
        assert.doesNotMatch(
          text,
          /(^|[\s"'`(])\/(home|root|work|tmp|Users)\//,
          `cell ${cell.id}`,
        );
      }
    });

    test("ends with its result", () => {
      const last = cells
        .filter(({ cell_type }) => cell_type === "code")
        .at(-1)!;
      assert.match(textOf(last), /^reportResult\(\{/);
      assert.match(textOf(last), new RegExp(`\\blesson: ${lesson}\\b`));
    });

    test("is small enough for a page", () => {
      assert.ok(statSync(path.join(folder, file)).size < maxBytes);
    });
  });
}
