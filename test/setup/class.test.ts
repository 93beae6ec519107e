/**
 * Tests what the hub of a class hands out, and to whom. test/long/hub.test.ts runs a whole class.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { writeCourse } from "../../scripts/class/course";
import { readingOrder } from "../../scripts/handouts/handout";
import { readNotebook, sourceOf } from "../../scripts/handouts/notebook";
import {
  noPython,
  python,
  root,
  temporaryFolder,
} from "../lessons/notebook-file";
import { setupModule } from "./checkout";

const notebooks = path.join(root, "notebooks");
const studentServer = path.join(root, "scripts", "class", "student_server.py");

let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
});
afterEach(() => remove());

describe("the course that students get", () => {
  it("has every notebook, and no solution of a lab", () => {
    const course = path.join(folder, "course");
    writeCourse(notebooks, course);
    for (const name of readingOrder) {
      const given = readNotebook(path.join(course, `${name}.ipynb`));
      assert.ok(given.cells.length > 0, name);
      if (!name.startsWith("labs/")) continue;
      for (const cell of given.cells)
        assert.doesNotMatch(sourceOf(cell), /(BEGIN|END) SOLUTION/, name);
    }
    const lab = readNotebook(path.join(course, "labs", "lab-3.ipynb"));
    const gaps = lab.cells.filter(
      (cell) =>
        cell.cell_type === "code" &&
        sourceOf(cell).includes("return notWritten();"),
    );
    assert.equal(gaps.length, 5);
    const lesson = readNotebook(path.join(course, "lesson-1.ipynb"));
    assert.ok(lesson.cells.some(({ outputs = [] }) => outputs.length > 0));
    assert.deepEqual(fs.readdirSync(folder), ["course"]);
    assert.equal(fs.statSync(course).mode & 0o777, 0o755);
  });

  it("replaces an earlier one, which stays if a notebook is missing", () => {
    const course = path.join(folder, "course");
    fs.mkdirSync(course);
    fs.writeFileSync(path.join(course, "old.ipynb"), "{}");
    assert.throws(() => writeCourse(folder, course), /ENOENT/);
    assert.deepEqual(fs.readdirSync(folder), ["course"]);
    assert.deepEqual(fs.readdirSync(course), ["old.ipynb"]);
    writeCourse(notebooks, course);
    assert.ok(!fs.existsSync(path.join(course, "old.ipynb")));
  });
});

describe("a student's server", { skip: noPython }, () => {
  /** Runs a line of Python that can use the functions of student_server.py. */
  function withServer(line: string): string {
    const program = `
import os, sys
sys.path.insert(0, ${JSON.stringify(path.dirname(studentServer))})
sys.dont_write_bytecode = True
from pathlib import Path
from student_server import copy_new, hand_out, runtime_folder
${line}`;
    const { status, stdout, stderr } = spawnSync(
      python,
      ["-I", "-c", program],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }

  const handOut =
    'os.umask(0o077); hand_out(Path("course"), Path("home/convnotes"))';

  it("copies the course once, and never replaces what the student has", () => {
    fs.mkdirSync(path.join(folder, "course", "labs"), { recursive: true });
    fs.mkdirSync(path.join(folder, "home"));
    const lab = path.join(folder, "home", "convnotes", "labs", "lab-1.ipynb");
    fs.writeFileSync(
      path.join(folder, "course", "labs", "lab-1.ipynb"),
      "given",
    );
    withServer(handOut);
    assert.equal(fs.readFileSync(lab, "utf8"), "given");
    assert.equal(fs.statSync(lab).mode & 0o777, 0o600);
    fs.writeFileSync(lab, "the student's work");
    fs.writeFileSync(path.join(folder, "course", "labs", "lab-2.ipynb"), "new");
    withServer(handOut);
    assert.equal(fs.readFileSync(lab, "utf8"), "the student's work");
    assert.deepEqual(fs.readdirSync(path.dirname(lab)).sort(), [
      "lab-1.ipynb",
      "lab-2.ipynb",
    ]);
  });

  it("does not replace a file that appears while it copies, nor a broken link", () => {
    fs.writeFileSync(path.join(folder, "source"), "given");
    fs.writeFileSync(path.join(folder, "place"), "the student's work");
    withServer('copy_new(Path("source"), Path("place"))');
    assert.equal(
      fs.readFileSync(path.join(folder, "place"), "utf8"),
      "the student's work",
    );
    fs.mkdirSync(path.join(folder, "course"));
    fs.mkdirSync(path.join(folder, "home", "convnotes"), { recursive: true });
    fs.writeFileSync(path.join(folder, "course", "a.ipynb"), "given");
    const link = path.join(folder, "home", "convnotes", "a.ipynb");
    fs.symlinkSync(path.join(folder, "elsewhere"), link);
    withServer(handOut);
    assert.ok(fs.lstatSync(link).isSymbolicLink());
    assert.ok(!fs.existsSync(path.join(folder, "elsewhere")));
    assert.deepEqual(fs.readdirSync(path.dirname(link)), ["a.ipynb"]);
  });

  it("keeps sockets in a short folder if the home's path is too long for them", () => {
    assert.equal(
      withServer('print(runtime_folder(Path("/home/student-01")))'),
      "/home/student-01/.local/share/jupyter/runtime",
    );
    const short = withServer(
      `print(runtime_folder(Path("/home/${"x".repeat(40)}")))`,
    );
    assert.ok(short.length < 40, short);
    assert.equal(fs.statSync(short).mode & 0o777, 0o700);
    fs.rmdirSync(short);
  });
});

describe("the hub's files", () => {
  it("pin JupyterLab and its parts to the course's versions", () => {
    const pins = (name: string): Map<string, string> =>
      new Map(
        [
          ...fs
            .readFileSync(path.join(root, name), "utf8")
            .matchAll(/^([\w.-]+)==(\S+)/gm),
        ].map(([, each, version]) => [each!, version!]),
      );
    const course = pins("requirements.txt");
    const hub = pins("scripts/class/requirements.txt");
    for (const name of [
      "jupyterlab",
      "jupyter-server",
      "plotly",
      "anywidget",
      "nbconvert",
    ])
      assert.equal(hub.get(name), course.get(name), name);
    for (const name of [
      "jupyterhub",
      "jupyterhub-idle-culler",
      "jupyterhub-systemdspawner",
    ])
      assert.ok(hub.has(name), name);
  });

  it("must be readable by every account", async () => {
    const { closedPart } = await setupModule<{
      closedPart(place: string): string | undefined;
    }>("class/readable.mjs");
    const place = path.join(fs.realpathSync(folder), "a", "b");
    fs.mkdirSync(place, { recursive: true });
    fs.chmodSync(fs.realpathSync(folder), 0o755);
    assert.equal(closedPart(place), undefined);
    fs.chmodSync(place, 0o750);
    assert.equal(closedPart(place), place);
    fs.chmodSync(path.dirname(place), 0o700);
    assert.equal(closedPart(place), path.dirname(place));
  });
});
