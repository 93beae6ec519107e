/**
 * Grades four submissions of lab 3 with nbgrader, in a course folder outside of the clone.
 *
 * Installs nbgrader in a temporary environment, from PyPI, and takes some minutes.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { studentCopy } from "../../scripts/handouts/lab-copies";
import {
  notebookText,
  readNotebook,
  sourceOf,
  withSource,
  type Notebook,
} from "../../scripts/handouts/notebook";
import { noBrowser } from "../jupyterlab/browser";
import {
  noKernel,
  python,
  root,
  temporaryFolder,
} from "../lessons/notebook-file";

const labs = path.join(root, "notebooks", "labs");
const lab = readNotebook(path.join(labs, "lab-3.ipynb"));
const { folder, remove } = temporaryFolder();
after(remove);

const environment = path.join(folder, "environment");
const course = path.join(folder, "course");
const kernels = path.join(root, ".venv", "share", "jupyter");

/** The reason why nbgrader cannot run, or false if it can. */
const skip = noKernel || installed();

function installed(): string | false {
  const pip = path.join(environment, "bin", "pip");
  const made = spawnSync(python, ["-m", "venv", environment]);
  const { status } =
    made.status === 0
      ? spawnSync(pip, ["install", "--quiet", "nbgrader==0.9.6"])
      : made;
  return status === 0 ? false : "nbgrader 0.9.6 cannot be installed";
}

/** Runs nbgrader in a course's folder. */
function nbgrader(
  parameters: readonly string[],
  { cwd = course, jupyterPath = kernels } = {},
): { status: number | null; log: string } {
  const bin = path.join(environment, "bin");
  const { status, stderr, stdout } = spawnSync(
    path.join(bin, "nbgrader"),
    parameters,
    {
      cwd,
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${bin}${path.delimiter}${process.env["PATH"]}`,
        JUPYTER_PATH: jupyterPath,
        JUPYTER_DATA_DIR: path.join(folder, "jupyter"),
        CONVNOTES_MODE: "quick",
      },
    },
  );
  return { status, log: stdout + stderr };
}

/** Creates a course with lab 3 as its only assignment. */
function createCourse(at: string): void {
  mkdirSync(path.join(at, "source", "lab-3"), { recursive: true });
  const config = "nbgrader_config.py";
  copyFileSync(path.join(labs, config), path.join(at, config));
  copyFileSync(
    path.join(labs, "lab-3.ipynb"),
    path.join(at, "source", "lab-3", "lab-3.ipynb"),
  );
  const { status, log } = nbgrader(
    ["generate_assignment", "lab-3", "--create"],
    { cwd: at },
  );
  assert.equal(status, 0, log);
}

function released(at: string): Notebook {
  return readNotebook(path.join(at, "release", "lab-3", "lab-3.ipynb"));
}

/**
 * Hands in a student's work.
 *
 * @param answers The code of steps, by the cell's id; by default, the solution of each.
 */
function submit(
  at: string,
  student: string,
  answers: Readonly<Record<string, string>> | "none",
): void {
  const open = released(at);
  const cells = open.cells.map((cell) => {
    const solution = lab.cells.find(({ id }) => id === cell.id)!;
    const isOpen = cell.metadata.nbgrader?.solution === true;
    return answers === "none" || !isOpen
      ? cell
      : withSource(cell, answers[cell.id] ?? sourceOf(solution));
  });
  const place = path.join(at, "submitted", student, "lab-3");
  mkdirSync(place, { recursive: true });
  writeFileSync(
    path.join(place, "lab-3.ipynb"),
    notebookText({ ...open, cells }),
  );
}

/**
 * The submissions, with their points: the checks give 2 for each of the steps 1, 2, 4 and 5, and 1
 * for step 3 and for the trained model.
 */
const submissions = {
  right: [10, {}],
  // Steps 1 and 3; no other step uses their results.
  wrong: [
    7,
    {
      "lab-3-channel":
        'const withAxis = step("lab-3/channel-axis", (): tf.Tensor | NdArray => mnist.train.images);',
      "lab-3-hand": 'const counted = step("lab-3/by-hand", (): number => 288);',
    },
  ],
  blank: [0, "none"],
  // Step 3.
  loop: [
    9,
    {
      "lab-3-hand":
        'const counted = step("lab-3/by-hand", (): number => { for (;;) {} });',
    },
  ],
} as const;

describe("a course with lab 3", { skip }, () => {
  test("the student's copy is what nbgrader generates", () => {
    createCourse(course);
    const generated = released(course);
    const own = studentCopy(lab);
    assert.deepEqual(
      generated.cells.map(({ id, cell_type: type }) => [id, type]),
      own.cells.map(({ id, cell_type: type }) => [id, type]),
    );
    assert.deepEqual(generated.cells.map(sourceOf), own.cells.map(sourceOf));
    for (const { outputs = [] } of generated.cells) {
      assert.deepEqual(outputs, []);
    }
  });

  test("each submission gets its points, also behind an endless loop", () => {
    for (const [student, [, answers]] of Object.entries(submissions)) {
      submit(course, student, answers);
    }
    const graded = nbgrader(["autograde", "lab-3", "--create"]);
    assert.equal(graded.status, 0, graded.log);
    const exported = nbgrader(["export", "--to", "grades.csv"]);
    assert.equal(exported.status, 0, exported.log);
    const [names = [], ...rows] = readFileSync(
      path.join(course, "grades.csv"),
      "utf8",
    )
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(","));
    const points = Object.fromEntries(
      rows.map((row) => [
        row[names.indexOf("student_id")],
        Number(row[names.indexOf("raw_score")]),
      ]),
    );
    const expected = Object.entries(submissions).map(([student, [each]]) => [
      student,
      each,
    ]);
    assert.deepEqual(points, Object.fromEntries(expected));
  });

  test("feedback is written for each submission", () => {
    const { status, log } = nbgrader(["generate_feedback", "lab-3"]);
    assert.equal(status, 0, log);
    for (const student of Object.keys(submissions)) {
      const page = path.join(course, "feedback", student, "lab-3/lab-3.html");
      assert.ok(existsSync(page), page);
    }
    const page = path.join(course, "feedback", "wrong", "lab-3/lab-3.html");
    const html = readFileSync(page, "utf8");
    assert.match(html, /lab-3\/by-hand/);
    assert.match(html, /\.output :is\(th, td\) \{ padding/);
    if (noBrowser === false) {
      assert.match(html, /<img[^>]+alt="32 feature maps of 26 x 26/);
    }
  });
});

describe("a course without the library", { skip }, () => {
  test("grades nothing, and says why", () => {
    const other = path.join(folder, "other");
    createCourse(other);
    submit(other, "right", {});
    const autograde = ["autograde", "lab-3", "--create"];
    const kernelless = nbgrader(autograde, { cwd: other, jupyterPath: "" });
    assert.notEqual(kernelless.status, 0);
    assert.match(kernelless.log, /Nothing was graded\. .*no kernel/);
    // A package of this name that is not the library.
    const own = path.join(other, "node_modules", "convnotes");
    mkdirSync(own, { recursive: true });
    writeFileSync(path.join(own, "package.json"), '{"name":"convnotes"}');
    const broken = nbgrader(autograde, { cwd: other });
    assert.notEqual(broken.status, 0);
    assert.match(broken.log, /Nothing was graded\. .*TS2307/);
    assert.ok(!existsSync(path.join(other, "autograded", "right", "lab-3")));
  });
});
