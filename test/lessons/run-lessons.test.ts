/**
 * The main task of npm start on small lessons: each is run, a failure does not stop the next, and a
 * table reports the results.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { resultMimeType } from "../../src/course/result-row";
import {
  code,
  folderInProject,
  markdown,
  noKernel,
  root,
  writeNotebook,
} from "./notebook-file";
import { resultRow as row } from "./result-row";
import { until } from "../until";

/** Code of a cell that reports a row with the current mode, and the data folder. */
const report = (reported: object) =>
  `const row = { ...${JSON.stringify(reported)}, mode: process.env.CONVNOTES_MODE };
(globalThis as any)[Symbol.for("convnotes.notebook")].display({
  "text/plain": "data folder " + process.env.CONVNOTES_DATA,
  ${JSON.stringify(resultMimeType)}: row,
});`;

/** A project with its own lessons, and everything else from this project. */
let project: string;
let remove: () => void;

before(() => {
  ({ folder: project, remove } = folderInProject());
  for (const shared of [".venv", "scripts", "node_modules"]) {
    symlinkSync(path.join(root, shared), path.join(project, shared));
  }
  const notebooks = path.join(project, "notebooks");
  mkdirSync(notebooks);
  const lesson = (number: number) =>
    path.join(notebooks, `lesson-${number}.ipynb`);
  writeNotebook(lesson(1), [markdown("# One"), code(report(row))]);
  writeNotebook(lesson(2), [
    markdown("# Two\n\n## Load"),
    code("const folder: string = '';\nthrow new RangeError('no such data');"),
  ]);
  writeNotebook(lesson(3), [markdown("# Three"), code("'no result'")]);
  writeNotebook(lesson(4), [
    markdown("# Four"),
    code(report({ ...row, lesson: 4, model: "dense net" })),
  ]);
  writeNotebook(lesson(5), [
    markdown("# Five"),
    code(
      `require("node:fs").writeFileSync(${JSON.stringify(path.join(project, "begun"))}, "");\nfor (;;);`,
    ),
  ]);
});
after(() => remove());

function run(lessons: readonly number[], mode: "quick" | "full") {
  const call = `require(${JSON.stringify(path.join(root, "scripts/lessons/run-lessons"))})
    .runLessons(${JSON.stringify({ root: project, lessons, mode })})
    .then((code) => { process.exitCode = code; });`;
  const child = spawn(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "-e", call],
    {
      cwd: root,
      env: {
        ...process.env,
        CONVNOTES_DATA: "data",
        INIT_CWD: path.join(root, "src"),
      },
    },
  );
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const closed = new Promise<number | null>((resolve) =>
    child.on("close", resolve),
  );
  return { child, output, closed };
}

const results = () =>
  JSON.parse(
    readFileSync(path.join(project, "out", "results.json"), "utf8"),
  ) as unknown;

describe("a run of several lessons", { skip: noKernel }, () => {
  let code: number | null;
  let stdout: string;
  let stderr: string;

  before(async () => {
    const { output, closed } = run([1, 2, 3, 4], "full");
    code = await closed;
    ({ stdout, stderr } = output);
  });

  test("fails if a lesson fails, and states which and why", () => {
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^Lesson 2 failed in code cell 1 \(Load\):\n\n {4}const folder: string = '';\n {4}throw new RangeError/m,
    );
    assert.match(stderr, /RangeError: no such data/);
    assert.match(
      stderr,
      /^The notebook up to there: out\/lesson-2\.failed\.ipynb$/m,
    );
    assert.match(
      stderr,
      /^Lesson 3 failed\. Expected .*lesson-3\.ipynb to report at least one result, received none$/m,
    );
    // No colors without a terminal.
    assert.ok(!stderr.includes("\x1b"));
  });

  test("stores the results of the others, and nothing else", () => {
    assert.deepEqual(results(), [
      { ...row, mode: "full" },
      { ...row, mode: "full", lesson: 4, model: "dense net" },
    ]);
    assert.deepEqual(readdirSync(path.join(project, "out")).sort(), [
      "lesson-1.html",
      "lesson-1.ipynb",
      "lesson-2.failed.ipynb",
      "lesson-3.html",
      "lesson-3.ipynb",
      "lesson-4.html",
      "lesson-4.ipynb",
      "results.json",
    ]);
  });

  test("prints the table, a warning about the images, and the paths of the results", () => {
    assert.match(stdout, /^!!! SYNTHETIC IMAGES: lessons 1 and 4 ran on/m);
    assert.match(stdout, /^ +1 +CNN +122,570 +3 +1\.5000 +0\.9265/m);
    assert.match(stdout, /^ +4 +dense net +122,570 /m);
    assert.match(
      stdout,
      /^Lesson 4 took \d+:\d\d: notebook out\/lesson-4\.ipynb, page out\/lesson-4\.html$/m,
    );
    assert.match(stdout, /^The table as JSON, .*: out\/results\.json$/m);
    assert.doesNotMatch(stdout, /Quick mode/);
  });

  test("resolves CONVNOTES_DATA relative to the caller's folder", () => {
    const notebook = readFileSync(
      path.join(project, "out", "lesson-1.ipynb"),
      "utf8",
    );
    assert.ok(
      notebook.includes(`data folder ${path.join(root, "src", "data")}`),
    );
  });

  test("Ctrl-C exits with code 130 and keeps the results of the previous run", async () => {
    const kept = results();
    const { child, output, closed } = run([5, 1], "quick");
    await until(() => {
      assert.equal(child.exitCode, null, output.stderr);
      return existsSync(path.join(project, "begun"));
    }, "the cell to run");
    child.kill("SIGINT");
    assert.equal(await closed, 130);
    assert.match(
      output.stderr,
      /^Stopped while lesson 5 ran\. Its results were discarded/m,
    );
    assert.deepEqual(results(), kept);
    assert.ok(!existsSync(path.join(project, "out", "lesson-5.ipynb")));
  });
});
