/**
 * The labs: their form, the copies made of them, and a whole run of each solution in quick mode.
 *
 * The runs take about a minute on two quiet cores.
 */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { solutionCopy, studentCopy } from "../../scripts/handouts/lab-copies";
import {
  notebookText,
  readNotebook,
  sourceOf,
  type Notebook,
} from "../../scripts/handouts/notebook";
import { noKernel, root, temporaryFolder } from "../lessons/notebook-file";
import { Executed, executeQuick } from "./executed-notebook";
import { assertMetadata } from "./form";

const folder = path.join(root, "notebooks", "labs");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => path.basename(name, ".ipynb"));

test("there are four labs", () => {
  assert.deepEqual(names, ["lab-1", "lab-2", "lab-3", "lab-4"]);
});

for (const name of names) {
  const lab = readNotebook(path.join(folder, `${name}.ipynb`));
  const sources = (notebook: Notebook) => notebook.cells.map(sourceOf);

  describe(name, () => {
    test("has a title, authors, and the parameters of all lessons", () => {
      assertMetadata(lab, /^Lab \d: /);
    });

    test("every check has a step of its name before it, except those of trained models", () => {
      const code = sources(lab).join("\n");
      const steps = [...code.matchAll(/step\("([^"]+)"/g)].map(([, of]) => of);
      const checks = [...code.matchAll(/^check\("([^"]+)"/gm)].map(
        ([, of]) => of,
      );
      assert.ok(checks.length >= 3);
      assert.deepEqual(
        checks.filter((check) => !check!.endsWith("/trained")),
        steps,
      );
      assert.ok(checks.every((check) => check!.startsWith(`${name}/`)));
    });

    test("what students write and what is graded is marked for nbgrader", () => {
      const ids = lab.cells.flatMap(
        ({ metadata }) => metadata.nbgrader?.grade_id ?? [],
      );
      assert.equal(new Set(ids).size, ids.length);
      for (const cell of lab.cells) {
        const { nbgrader } = cell.metadata;
        const source = sourceOf(cell);
        if (source.includes("BEGIN SOLUTION")) {
          assert.ok(nbgrader?.solution && !nbgrader.grade, cell.id);
        }
        if (source.startsWith("check(")) {
          assert.ok(nbgrader?.grade && nbgrader.locked, cell.id);
          assert.ok(nbgrader.points! > 0, cell.id);
        }
      }
    });

    test("the student's copy has a gap for every solution, and none of the solutions", () => {
      const copy = studentCopy(lab);
      const solutions = sources(lab).filter((source) =>
        source.includes("BEGIN SOLUTION"),
      );
      const gaps = sources(copy).filter((source) =>
        source.includes("  // YOUR CODE HERE\n  return notWritten();"),
      );
      assert.equal(gaps.length, solutions.length);
      assert.ok(!sources(copy).some((source) => /SOLUTION/.test(source)));
      for (const [index, cell] of lab.cells.entries()) {
        const { nbgrader } = cell.metadata;
        if (cell.cell_type !== "markdown" || !nbgrader?.grade) continue;
        assert.equal(sourceOf(copy.cells[index]!), "YOUR ANSWER HERE");
      }
    });

    test("the solution copy differs from the source in the marks only", () => {
      const expected = sources(lab).map((source) =>
        source.replace(/^ *\/\/ (BEGIN|END) SOLUTION\n/gm, ""),
      );
      assert.deepEqual(sources(solutionCopy(lab)), expected);
    });

    test(
      "the solution runs whole, and every check accepts it",
      {
        skip: noKernel,
      },
      async () => {
        // Outside the project, whose tsconfig.json is stricter than that of notebooks/.
        const { folder: out, remove } = temporaryFolder();
        try {
          const end = await run(lab, out);
          assert.equal(end.kind, "finished", JSON.stringify(end));
          const executed = new Executed(path.join(out, "lab.ipynb"));
          const checks = executed.cells.filter(({ source }) =>
            [source].flat().join("").startsWith("check("),
          );
          for (const { id } of checks) {
            assert.match(executed.text(`#${id}`), /^✓ right/, id);
          }
        } finally {
          remove();
        }
      },
    );
  });
}

test(
  "the first open step of a student's copy ends the run with its name",
  {
    skip: noKernel,
  },
  async () => {
    const { folder: out, remove } = temporaryFolder();
    try {
      const lab = readNotebook(path.join(folder, "lab-1.ipynb"));
      const end = await run(studentCopy(lab), out);
      assert.ok(end.kind === "failed", JSON.stringify(end));
      assert.match(end.error.evalue, /Step lab-1\/scaled is not written yet/);
    } finally {
      remove();
    }
  },
);

/** Runs a lab in quick mode, as a file in a folder of its own. */
function run(lab: Notebook, out: string) {
  const source = path.join(out, "source");
  mkdirSync(source);
  const file = path.join(source, "lab.ipynb");
  writeFileSync(file, notebookText(lab));
  return executeQuick(file, out);
}
