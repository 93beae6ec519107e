/**
 * The packages as users install them: in an empty folder, from the tarballs of `npm run pack` and
 * the npm registry, with npm 10 and 11. The kernel then runs cells, checks types, and imports an ES
 * module, with no TensorFlow in the folder.
 *
 * Takes about two minutes.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";

const root = join(__dirname, "..", "..");
const environmentPrograms = join(root, ".venv", "bin");

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

function run(folder: string, command: string, ...parameters: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(command, parameters, {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: [environmentPrograms, process.env["PATH"]].join(delimiter),
      JUPYTER_PATH: join(folder, "prefix", "share", "jupyter"),
      CONVNOTES_HISTORY: "off",
    },
    timeout: 10 * 60_000,
  });
  return { status, output: `${stdout}${stderr}` };
}

/** Runs cells with nbconvert; returns the text of their outputs and errors. */
function runCells(folder: string, cells: readonly string[]): string {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: "convnotes",
        display_name: "",
        language: "typescript",
      },
    },
    cells: cells.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: { tags: ["raises-exception"] },
      execution_count: null,
      outputs: [],
      source,
    })),
  };
  const file = join(folder, "notebook.ipynb");
  writeFileSync(file, JSON.stringify(notebook));
  const ended = run(
    folder,
    join(environmentPrograms, "jupyter"),
    ...["nbconvert", "--execute", "--to", "notebook", "--inplace", file],
  );
  assert.equal(ended.status, 0, ended.output);
  const executed = JSON.parse(readFileSync(file, "utf8")) as typeof notebook;
  return executed.cells
    .map(({ outputs }) => JSON.stringify(outputs))
    .join("\n");
}

before(() => {
  const { status, output } = run(root, "npm", "run", "pack");
  assert.equal(status, 0, output);
});

for (const npm of ["npm@10", "npm@11"]) {
  describe(npm, () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-packages-"));
    after(() => rmSync(folder, { recursive: true, force: true }));

    test("installs the kernel and the notebook package", () => {
      writeFileSync(join(folder, "package.json"), '{ "private": true }');
      const tarballs = ["notebook", "kernel"].map((name) =>
        join(root, "out", `convnotes-${name}-0.1.0.tgz`),
      );
      const { status, output } = run(
        folder,
        "npx",
        ...["--yes", npm, "install", "nanoid@5.1.6", ...tarballs],
      );
      assert.equal(status, 0, output);
      assert.ok(!existsSync(join(folder, "node_modules", "@tensorflow")));
      assert.deepEqual(
        readdirSync(join(folder, "node_modules", "@convnotes")).sort(),
        ["kernel", "notebook"],
      );
    });

    test("registers a kernel that the doctor finds in order", () => {
      const prefix = join(folder, "prefix");
      mkdirSync(prefix);
      const convnotes = ["convnotes", "kernel"];
      const installed = run(
        folder,
        "npx",
        ...[...convnotes, "install", "--prefix", prefix],
      );
      assert.equal(installed.status, 0, installed.output);
      const { status, output } = run(folder, "npx", ...convnotes, "doctor");
      assert.equal(status, 0, output);
    });

    test("runs cells with types and an ES module", () => {
      const text = runCells(folder, [
        'import { nanoid } from "nanoid";\nnanoid(7).length',
        "const wrong: number = nanoid();",
        "const answer = 41;",
        "answer + 1",
      ]);
      const [first, second, , fourth] = text.split("\n");
      assert.match(first!, /"7"/);
      assert.match(second!, /TS2322/);
      assert.match(fourth!, /"42"/);
    });

    test("importing the kernel starts nothing", () => {
      const { status, output } = run(
        folder,
        process.execPath,
        ...["-p", 'require("@convnotes/kernel").kernelProgram'],
      );
      assert.equal(status, 0, output);
      assert.match(output, /kernel[\\/]dist[\\/]main\.js/);
    });
  });
}
