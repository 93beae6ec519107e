/**
 * The instructor's guide: its tables have the sections, times and points of today's notebooks.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { addressOf } from "../../scripts/glossary/document";
import { readSections, type Section } from "../../scripts/glossary/sections";
import { readingOrder } from "../../scripts/handouts/handout";
import { readNotebook } from "../../scripts/handouts/notebook";
import { root } from "../lessons/notebook-file";

const guide = readFileSync(
  path.join(root, "docs", "instructors-guide.md"),
  "utf8",
);
const sections = readSections(root);
const sectionsIn = (notebook: string) =>
  sections.filter((section) => section.notebook === notebook);

/** The parts of the guide by the heading of level 2 that they follow. */
const parts = new Map(
  guide
    .split(/^## /m)
    .slice(1)
    .map((part) => [part.split("\n", 1)[0]!, part]),
);

/** Returns the rows of a part's tables, without heads: the text of each cell. */
function rowsOf(heading: string): string[][] {
  const part = parts.get(heading);
  assert.ok(part !== undefined, `no part "${heading}"`);
  return part
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
    .filter((_, index) => index > 1);
}

const sum = (numbers: readonly number[]) =>
  numbers.reduce((total, number) => total + number, 0);

/** Returns the minutes that a notebook's first cell names: all of it, and its exercises. */
function statedTime([title]: readonly Section[]): {
  readonly minutes: number;
  readonly exercises: number;
} {
  const lesson =
    /^\*\*Time\*\* About (\d+) minutes to read and try, (\d+) for the exercises\. A quick run takes .+ full run .+\.$/m.exec(
      title!.text,
    );
  if (lesson) {
    const [reading, exercises] = [Number(lesson[1]), Number(lesson[2])];
    return { minutes: reading + exercises, exercises };
  }
  const lab = /^\*\*Time\*\* About (\d+) minutes\.$/m.exec(title!.text);
  assert.ok(lab, `${title!.notebook} does not say how long it takes`);
  return { minutes: Number(lab[1]), exercises: 0 };
}

/** Whether the guide's table has a row for a section: it has content, and is no single exercise. */
const isListed = ({ heading, text, codeCells }: Section) =>
  !/^Exercise \d+: /.test(heading) && (text !== "" || codeCells > 0);

for (const notebook of readingOrder) {
  const own = sectionsIn(notebook);
  const title = own[0]!.heading;

  describe(`the guide to ${notebook}`, () => {
    const rows = rowsOf(title);
    const together = rows.at(-1)!;
    const table = rows.slice(0, -1);

    test("has a row for each section, with a link and an idea", () => {
      assert.deepEqual(
        table.map(([link]) => link),
        own
          .filter(isListed)
          .map((section) => `[${section.heading}](${addressOf(section)})`),
      );
      for (const [link, , , , idea] of table) assert.ok(idea, link);
    });

    test("has minutes that add up to the notebook's", () => {
      const columns = [1, 2, 3].map((column) =>
        sum(table.map((cells) => Number(cells[column]))),
      );
      assert.deepEqual(together, ["**together**", ...columns.map(String), ""]);
      const { minutes, exercises } = statedTime(own);
      assert.equal(sum(columns), minutes);
      if (!notebook.startsWith("labs/")) assert.equal(columns[2], exercises);
    });

    test("says where students stumble", () => {
      assert.match(parts.get(title)!, /\*\*Where students stumble/);
    });
  });
}

describe("the course at a glance", () => {
  const rows = rowsOf("The course at a glance");

  test("has the notebooks in reading order, with links to their parts", () => {
    const titles = readingOrder.map((name) => sectionsIn(name)[0]!.heading);
    assert.deepEqual(
      rows.slice(0, -1).map(([number, link]) => [number, link]),
      titles.map((title, index) => [
        String(index + 1),
        `[${title}](#${anchorOf(title)})`,
      ]),
    );
  });

  test("has the minutes of their tables", () => {
    for (const [index, name] of readingOrder.entries()) {
      const [, reading, trying, exercises] = rowsOf(
        sectionsIn(name)[0]!.heading,
      ).at(-1)!;
      assert.deepEqual(
        rows[index]!.slice(3),
        [String(Number(reading) + Number(trying)), exercises],
        name,
      );
    }
    const totals = [3, 4].map((column) =>
      String(sum(rows.slice(0, -1).map((cells) => Number(cells[column])))),
    );
    assert.deepEqual(rows.at(-1)!.slice(3), totals);
  });

  test("gives the four labs together 30 to 40 minutes, as lesson 1 does", () => {
    const labs = readingOrder.filter((name) => name.startsWith("labs/"));
    const minutes = sum(
      labs.map((name) => statedTime(sectionsIn(name)).minutes),
    );
    assert.ok(minutes >= 30 && minutes <= 40, String(minutes));
    assert.match(guide, new RegExp(`All four labs take ${minutes}\\s+minutes`));
    const [stated] = sectionsIn("lesson-1").filter(({ text }) =>
      text.includes("The labs take 30 to 40 minutes together."),
    );
    assert.ok(stated);
  });
});

describe("grading", () => {
  test("has the points of the notebooks", () => {
    const rows = rowsOf("Grading");
    const expected = rows.slice(0, -1).map(([link]) => {
      const [, name] = /\(\.\.\/notebooks\/(.+)\.ipynb\)$/.exec(link!)!;
      const points = { code: 0, markdown: 0, raw: 0 };
      const file = path.join(root, "notebooks", `${name}.ipynb`);
      for (const { cell_type, metadata } of readNotebook(file).cells) {
        if (metadata.nbgrader?.grade) {
          points[cell_type] += metadata.nbgrader.points ?? 0;
        }
      }
      return [link, String(points.code), String(points.markdown)];
    });
    assert.equal(expected.length, 9);
    assert.deepEqual(rows.slice(0, -1), expected);
    assert.deepEqual(
      rows.at(-1)!.slice(1),
      [1, 2].map((column) =>
        String(sum(expected.map((cells) => Number(cells[column])))),
      ),
    );
  });
});

describe("chapters", () => {
  test("begin with what is needed, how long it takes and what is learned, in this order", () => {
    for (const notebook of readingOrder) {
      const { text } = sectionsIn(notebook)[0]!;
      assert.match(
        text,
        /^\*\*You need\*\* [^]+^\*\*Time\*\* [^]+^\*\*You will\*\*$/m,
        notebook,
      );
    }
  });

  test("have a summary, and exercises in one form", () => {
    for (const notebook of readingOrder) {
      const headings = sectionsIn(notebook).map(({ heading }) => heading);
      assert.ok(headings.includes("Summary"), notebook);
      if (notebook.startsWith("labs/")) continue;
      const exercises = headings.filter((each) => each.startsWith("Exercise "));
      assert.ok(exercises.length >= 5, notebook);
      assert.deepEqual(
        exercises.map((each) => /^Exercise (\d+): [^A-Z]|$/.exec(each)![1]),
        exercises.map((_, index) => String(index + 1)),
        notebook,
      );
    }
  });

  test("of lessons have at least two exercises with code and a check", () => {
    for (const notebook of readingOrder) {
      if (!notebook.startsWith("lesson-")) continue;
      const file = path.join(root, "notebooks", `${notebook}.ipynb`);
      const checks = readNotebook(file).cells.filter(
        ({ metadata }) => metadata.nbgrader?.grade,
      );
      assert.ok(checks.length >= 2, notebook);
    }
  });
});

/** Returns the anchor that a code host gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\d -]/gu, "")
    .replaceAll(" ", "-");
}
