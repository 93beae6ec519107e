/**
 * Tests the student's and the solution copies: of small texts, of all stored notebooks, and in the
 * kernel.
 *
 * The runs in the kernel take about half a minute on two quiet cores.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { CheckedCompiler } from "../../kernel/compiler/checked-compiler";
import { compilerSettings } from "../../kernel/compiler/settings";
import {
  firstExercise,
  textWithoutAnswers,
} from "../../scripts/handouts/answers";
import { findChapters } from "../../scripts/handouts/chapters";
import {
  solutionNotebook,
  studentNotebook,
  studentPage,
} from "../../scripts/handouts/copies";
import {
  notebookText,
  readNotebook,
  sourceOf,
  withSource,
  type Notebook,
} from "../../scripts/handouts/notebook";
import { errorWith } from "../error-with";
import { Executed } from "../notebooks/executed-notebook";
import {
  noKernel,
  python,
  root,
  temporaryFolder,
} from "../lessons/notebook-file";

const folder = path.join(root, "notebooks");
const chapters = findChapters([folder], []);

const textOf = (notebook: Notebook) => notebook.cells.map(sourceOf).join("\n");
const count = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].length;
const hints = /<summary>Hint \d<\/summary>/g;
const answers = /<summary>Answers?<\/summary>/g;
const gaps = /^ {2}\/\/ YOUR CODE HERE\n {2}return notWritten\(\);$/gm;

describe("text without answers", () => {
  const answer = "<details><summary>Answer</summary>\n42\n</details>";
  const hint = "<details><summary>Hint 1</summary>\nThink.\n</details>";

  test("keeps the question and the hints", () => {
    assert.equal(
      textWithoutAnswers(`Why?\n\n${hint}\n\n${answer}\n\nNext?`),
      `Why?\n\n${hint}\n\nNext?`,
    );
    assert.equal(textWithoutAnswers(answer), "");
    assert.equal(textWithoutAnswers(hint), hint);
  });

  test("leaves out an answer with other folds inside, whole", () => {
    const nested = `<details open>\n<summary> Answers </summary>\n${hint}\nrest</details>`;
    assert.equal(textWithoutAnswers(`a\n\n${nested}\n\nb`), "a\n\nb");
  });

  test("leaves out an answer inside another fold, and keeps that fold", () => {
    assert.equal(
      textWithoutAnswers(
        `<details><summary>More</summary>\nkept\n${answer}\n</details>`,
      ),
      "<details><summary>More</summary>\nkept\n\n</details>",
    );
  });

  test("does not exist if an answer is never closed", () => {
    assert.throws(
      () =>
        textWithoutAnswers(
          `Why?\n${hint}\n<details><summary>Answer</summary>\n42\n\n## Next`,
        ),
      errorWith("ERR_FILE_FORMAT", "</details>", "<summary>Answer</summary>"),
    );
  });

  test("keeps code that looks like an answer", () => {
    for (const code of [
      `Write \`${answer.replaceAll("\n", "")}\` so.`,
      `\`\`\`html\n${answer}\n\`\`\``,
      "~~~html\n<details><summary>Answer</summary>",
    ])
      assert.equal(textWithoutAnswers(code), code);
    const inside = `<details><summary>Answer</summary>\n\n\`</details>\`\n\n</details>`;
    assert.equal(textWithoutAnswers(`a\n\n${inside}\n\nb`), "a\n\nb");
  });
});

for (const { name, file } of chapters) {
  describe(name, () => {
    const source = readNotebook(file);
    const student = studentNotebook(source);
    const solution = solutionNotebook(source);

    test("the student's copy has gaps and hints, no answers and no outputs", () => {
      const [before, after] = [textOf(source), textOf(student)];
      assert.doesNotMatch(after, answers);
      assert.doesNotMatch(after, /SOLUTION/);
      assert.equal(count(after, hints), count(before, hints));
      assert.equal(count(after, gaps), count(before, /BEGIN SOLUTION$/gm));
      assert.equal(
        count(after, /<details\b/g),
        count(before, /<details\b/g) - count(before, answers),
      );
      assert.equal(count(after, /<details\b/g), count(after, /<\/details>/g));
      for (const { id, outputs = [], execution_count } of student.cells) {
        assert.deepEqual(outputs, [], id);
        assert.equal(execution_count ?? null, null, id);
      }
    });

    test("the text under Exercises is true for each copy", () => {
      assert.doesNotMatch(
        textOf(student),
        /unfold the answer|open its answer|contains a solution/,
      );
      if (count(textOf(student), gaps) === 0 || name.startsWith("lab")) return;
      assert.match(
        textOf(student),
        /^## Exercises\n\nIn exercises with code, a cell has a gap\./m,
      );
      assert.match(
        textOf(solution),
        /^## Exercises\n\nIn exercises with code, a cell has a solution/m,
      );
      const headings = (notebook: Notebook) =>
        [...textOf(notebook).matchAll(/^#{1,6} .*$/gm)].map(([line]) => line);
      assert.deepEqual(headings(student), headings(source));
      assert.deepEqual(headings(solution), headings(source));
    });

    test("the solution copy has all answers, and no marks", () => {
      assert.equal(
        count(textOf(solution), answers),
        count(textOf(source), answers),
      );
      assert.doesNotMatch(textOf(solution), /(BEGIN|END) SOLUTION$/m);
      assert.equal(solution.cells.length, source.cells.length);
      assert.deepEqual(
        solution.cells.map(({ outputs }) => outputs),
        source.cells.map(({ outputs }) => outputs),
      );
    });

    test("the student's page shows the outputs before the first exercise, and no others", () => {
      const page = studentPage(source);
      const first = firstExercise(source);
      const kept = new Map(
        source.cells
          .slice(0, first)
          .map(({ id, outputs = [] }) => [id, outputs]),
      );
      for (const { id, outputs = [] } of page.cells) {
        assert.deepEqual(outputs, kept.get(id) ?? [], id);
      }
      const shown = page.cells.flatMap(({ outputs = [] }) => outputs);
      const all = source.cells.flatMap(({ outputs = [] }) => outputs);
      assert.equal(shown.length > 0, all.length > 0);
    });
  });
}

test("an output of a check never gets into the student's page", () => {
  const source = readNotebook(path.join(folder, "labs", "lab-1.ipynb"));
  const executed: Notebook = {
    ...source,
    cells: source.cells.map((cell, index) =>
      cell.cell_type === "code"
        ? {
            ...cell,
            execution_count: index,
            outputs: [
              { output_type: "stream", name: "stdout", text: sourceOf(cell) },
            ],
          }
        : cell,
    ),
  };
  const shown = JSON.stringify(
    studentPage(executed).cells.flatMap(({ outputs = [] }) => outputs),
  );
  assert.match(shown, /from \\"convnotes\\"/);
  assert.doesNotMatch(shown, /check\(|SOLUTION/);
});

describe("in the kernel's compiler", () => {
  let compiler: CheckedCompiler;
  before(() => {
    compiler = new CheckedCompiler(compilerSettings("checked", folder));
  });

  // test/notebooks/cells.test.ts compiles the students' copies of the labs.
  for (const { name, file } of chapters.filter(({ kind }) => kind !== "lab")) {
    test(`the student's copy of ${name} has no type errors`, async () => {
      await compiler.reset();
      for (const cell of studentNotebook(readNotebook(file)).cells) {
        if (cell.cell_type !== "code" || sourceOf(cell).trim() === "") continue;
        const { diagnostics } = await compiler.compile(sourceOf(cell));
        assert.equal(diagnostics, undefined, cell.id);
        await compiler.commit();
      }
    });
  }
});

test(
  "in a folder outside the project, each gap ends with its error, and nothing else fails before",
  { skip: noKernel },
  () => {
    const { folder: place, remove } = temporaryFolder();
    try {
      const files = ["lesson-1", "lab-1"].map((name) => {
        const { file } = chapters.find((chapter) => chapter.name === name)!;
        const copy = path.join(place, `${name}.ipynb`);
        writeFileSync(
          copy,
          notebookText(small(studentNotebook(readNotebook(file)))),
        );
        return copy;
      });
      mkdirSync(path.join(place, "cache"));
      const { CONVNOTES_DATA, ...variables } = process.env;
      void CONVNOTES_DATA;
      execFileSync(
        python,
        [
          ...["-m", "nbconvert", "--to", "notebook", "--execute"],
          ...["--allow-errors", "--output-dir", path.join(place, "ran")],
          ...files,
        ],
        {
          cwd: place,
          env: {
            ...variables,
            CONVNOTES_MODE: "quick",
            JUPYTER_PREFER_ENV_PATH: "1",
            XDG_CACHE_HOME: path.join(place, "cache"),
          },
          stdio: ["ignore", "ignore", "pipe"],
        },
      );
      for (const file of files) {
        const ran = new Executed(path.join(place, "ran", path.basename(file)));
        const errors = ran.cells.flatMap(({ id, source, outputs = [] }) =>
          outputs
            .filter(({ output_type }) => output_type === "error")
            .map(({ evalue }) => ({
              id,
              source: [source].flat().join(""),
              evalue: String(evalue),
            })),
        );
        assert.match(errors[0]!.source, /return notWritten\(\);/);
        const open = ran.cells.filter(({ source }) =>
          [source].flat().join("").includes("return notWritten();"),
        );
        const [first, ...others] = open.filter(
          ({ cell_type }) => cell_type === "code",
        );
        assert.match(
          errors.find(({ id }) => id === first!.id)!.evalue,
          /^Step [\w/-]+ is not written yet: replace "return notWritten\(\);" in this cell with your code\.$/,
        );
        // In a lab, a step may use the result of an earlier one.
        for (const { id } of others)
          assert.equal(errors.filter((error) => error.id === id).length, 1, id);
      }
    } finally {
      remove();
    }
  },
);

/** Sets the parameters of a notebook so that it runs in seconds. */
function small(notebook: Notebook): Notebook {
  const values = { epochs: 1, trainSamples: 100, testSamples: 100 };
  return {
    ...notebook,
    cells: notebook.cells.map((cell) =>
      cell.metadata.tags?.includes("parameters")
        ? withSource(
            cell,
            Object.entries(values).reduce(
              (source, [name, value]) =>
                source.replace(
                  new RegExp(`^(const ${name}: .*) = null;`, "m"),
                  `$1 = ${value};`,
                ),
              sourceOf(cell),
            ),
          )
        : cell,
    ),
  };
}
