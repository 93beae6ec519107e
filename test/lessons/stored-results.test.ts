/**
 * `npm run results`: the stored full runs compared with every run of the sources.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { sourceRunOf } from "../../scripts/lessons/results";
import { sourceRuns } from "../../scripts/lessons/source-runs";
import {
  storedResults,
  storedResultsText,
} from "../../scripts/lessons/stored-results";
import { resultMimeType, type ResultRow } from "../../src/course/result-row";
import {
  code,
  root,
  shown,
  temporaryFolder,
  writeNotebook,
} from "./notebook-file";
import { resultRow } from "./result-row";

describe("the sources' runs", () => {
  test("are nine in the order of the lessons, each listed once", () => {
    const names = sourceRuns.map(({ model }) => model);
    assert.deepEqual(names, "0a 0b 0c 1 3a 3b 3c 3d 4".split(" "));
    assert.deepEqual(
      sourceRuns.map(({ lesson }) => lesson),
      [0, 0, 0, 1, 3, 3, 3, 3, 4],
    );
  });
});

describe("the stored results", () => {
  let folder: string;
  let remove: () => void;
  before(() => {
    ({ folder, remove } = temporaryFolder());
    mkdirSync(path.join(folder, "notebooks"));
    const full = { ...resultRow, mode: "full", provenance: "unverified" };
    writeNotebook(path.join(folder, "notebooks", "lesson-1.ipynb"), [
      code("1", [shown({ [resultMimeType]: full })]),
    ]);
    const own = { sourceLoss: null, sourceAccuracy: null, lesson: 2 };
    writeNotebook(path.join(folder, "notebooks", "lesson-2.ipynb"), [
      code("1", [shown({ [resultMimeType]: { ...full, ...own } })]),
    ]);
  });
  after(() => remove());

  test("contain the notebooks' rows in order, and the missing runs of the sources", () => {
    const { rows, missing } = storedResults(folder, [1, 2]);
    assert.deepEqual(
      rows.map(({ lesson }) => lesson),
      [1, 2],
    );
    assert.deepEqual(
      missing.map(({ model }) => model),
      "0a 0b 0c 3a 3b 3c 3d 4".split(" "),
    );
  });

  test("are formatted as the table and a line for each missing run", () => {
    const text = storedResultsText(storedResults(folder, [1]));
    assert.match(text, /^ +1 {2}CNN .* −0\.2030 /m);
    assert.match(
      text,
      /^Not run here: lesson 0, 0c; the source reports loss 2\.06336 and accuracy 0\.2179\.$/m,
    );
    assert.doesNotMatch(text, /Not run here: lesson 1/);
    assert.match(text, /^More than 0\.03 .*: lesson 1, CNN\./m);
  });
});

describe("npm run results", () => {
  const results = (...parameters: string[]) =>
    spawnSync(process.execPath, ["scripts/results.mjs", ...parameters], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "" },
    });

  test("prints the runs stored in the repository's notebooks", () => {
    const { status, stdout } = results();
    assert.equal(status, 0);
    assert.match(stdout, /^lesson +model +parameters/m);
    // All ten models: no run of a source is missing.
    assert.doesNotMatch(stdout, /^Not run here/m);
  });

  test("prints them as JSON", () => {
    const { status, stdout } = results("--json");
    assert.equal(status, 0);
    const { rows } = JSON.parse(stdout) as { rows: ResultRow[] };
    assert.ok(rows.length > 0);
    for (const row of rows) {
      // An error in a source's result would leave the row without a source.
      const hasSource = row.sourceLoss !== null || row.sourceAccuracy !== null;
      const run = sourceRunOf(row);
      assert.equal(run !== undefined, hasSource, row.model);
      assert.equal(run?.parameters ?? row.parameters, row.parameters);
    }
    assert.ok(rows.every(({ mode }) => mode === "full"));
  });

  test("prints help, and rejects unknown options", () => {
    assert.match(results("--help").stdout, /Runs nothing/);
    const { status, stderr } = results("--jsn");
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^Expected the options --json and --help, received --jsn/,
    );
  });
});
