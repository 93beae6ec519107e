/**
 * Tests where the answers of exercises go on paper.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  withAnswersAtEnd,
  withoutAnswers,
} from "../../scripts/handouts/pdf/answers";
import {
  sourceOf,
  type Cell,
  type Notebook,
} from "../../scripts/handouts/notebook";
import { errorWith } from "../error-with";

const cell = (
  cell_type: "code" | "markdown",
  source: string,
  metadata: Cell["metadata"] = {},
): Cell => ({
  cell_type,
  id: source.slice(0, 8).replace(/\W/g, "-"),
  source,
  metadata,
  ...(cell_type === "code" ? { outputs: [], execution_count: null } : {}),
});

const notebook = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

const graded = {
  nbgrader: { grade: true, solution: true, locked: false, grade_id: "q" },
};

describe("answers on paper", () => {
  const { cells } = withAnswersAtEnd(
    notebook(
      cell("markdown", "# Lesson"),
      cell(
        "markdown",
        "### One\n\nWhy?\n\n<details><summary>Answer</summary>\nBecause.\n</details>\n\n### Two\n\nHow?\n\n<details><summary>Hint 1</summary>\nThink.\n</details>",
      ),
      cell(
        "code",
        "const two = step(() => {\n  // BEGIN SOLUTION\n  return 2;\n  // END SOLUTION\n});",
      ),
      cell(
        "markdown",
        "<details><summary>Answer</summary>\nLike so.\n</details>",
      ),
      cell("markdown", "### Three\n\nDiscuss."),
      cell("markdown", "It depends.", graded),
    ),
  );
  const texts = cells.map(sourceOf);
  const end = texts.indexOf("## Answers");

  test("leave the exercises, in which hints and gaps stay", () => {
    const exercises = texts.slice(0, end).join("\n");
    assert.doesNotMatch(exercises, /Because|return 2|Like so|It depends/);
    assert.match(exercises, /<summary>Hint 1<\/summary>\nThink\./);
    assert.match(exercises, /YOUR CODE HERE/);
    assert.match(exercises, /\*Your answer:\*/);
  });

  test("are referred to by the number of their exercise", () => {
    const numbers = (place: string) =>
      [
        ...texts
          .join("\n")
          .matchAll(new RegExp(`paper-to-${place}" data-answer="(\\d)"`, "g")),
      ].map((match) => match[1]);
    assert.deepEqual(numbers("answer"), ["1", "2", "2", "3"]);
    assert.deepEqual(numbers("exercise"), ["1", "2", "3"]);
  });

  test("stand at the end, below the headings of their exercises", () => {
    assert.deepEqual(
      texts.slice(end).map((text) => text.split("\n")[0]),
      [
        ...["## Answers", "### One", "Because.", "### Two"],
        ...["const two = step(() => {", "Like so.", "### Three", "It depends."],
      ],
    );
    assert.doesNotMatch(texts.join("\n"), /(BEGIN|END) SOLUTION/);
  });

  test("leave a notebook without any as it is", () => {
    const plain = notebook(cell("markdown", "# Lesson"), cell("code", "1;"));
    assert.equal(withAnswersAtEnd(plain), plain);
  });

  test("keep what is folded inside them", () => {
    const found: string[] = [];
    const rest = withoutAnswers(
      "<details><summary>Answers</summary>\n\nA.\n\n<details><summary>More</summary>\nB.\n</details>\n\n</details>\nRest.",
      () => undefined,
      (answer) => {
        found.push(answer);
        return "(reference)";
      },
    );
    assert.equal(rest, "(reference)\nRest.");
    assert.deepEqual(found, [
      "A.\n\n<details><summary>More</summary>\nB.\n</details>",
    ]);
  });

  test("come after the headings above them; code has none", () => {
    const seen: string[] = [];
    const rest = withoutAnswers(
      "## A `x`\n\n```sh\n# no heading\n```\n\n<details><summary>Answer</summary>\n## inside\n</details>\n\n## B",
      (heading) => seen.push(heading),
      (answer) => {
        seen.push(`(${answer})`);
        return "…";
      },
    );
    assert.equal(rest, "## A `x`\n\n```sh\n# no heading\n```\n\n…\n\n## B");
    assert.deepEqual(seen, ["A `x`", "(## inside)", "B"]);
  });

  test("have an end", () => {
    assert.throws(
      () =>
        withoutAnswers(
          "<details><summary>Answer</summary>\nA.",
          () => undefined,
          String,
        ),
      errorWith("ERR_FILE_FORMAT", "</details>"),
    );
  });
});
