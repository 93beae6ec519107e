/**
 * Results: read from executed notebooks, written as JSON, formatted as a table.
 */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import {
  resultNotes,
  resultRows,
  resultsTable,
  writeResults,
} from "../../scripts/lessons/results";
import { resultMimeType, type ResultRow } from "../../src/course/result-row";
import { errorWith } from "../error-with";
import {
  code,
  markdown,
  shown,
  temporaryFolder,
  writeNotebook,
} from "./notebook-file";
import { resultRow } from "./result-row";

const row: ResultRow = {
  ...resultRow,
  seed: 7,
  trainSamples: 5000,
  testLoss: 1.25,
  testAccuracy: 0.5625,
  secondsPerEpoch: 4.56,
};

let folder: string;
let remove: () => void;
before(() => ({ folder, remove } = temporaryFolder()));
after(() => remove());

let notebooks = 0;

/** Creates a notebook with a cell for each row, between cells with other outputs. */
function notebookWith(...rows: unknown[]): string {
  notebooks += 1;
  return writeNotebook(path.join(folder, `lesson-${notebooks}.ipynb`), [
    markdown("# A lesson"),
    code("1", [shown({ "text/plain": "1" })]),
    code("print", [{ output_type: "stream", name: "stdout", text: "hello" }]),
    ...rows.map((value) =>
      code("reportResult(row)", [
        shown({ [resultMimeType]: value, "text/plain": "a table" }),
      ]),
    ),
    code("not run"),
  ]);
}

describe("the rows of a notebook", () => {
  const lesson1 = { lesson: 1, mode: "quick" } as const;

  test("are found among other outputs, in order", () => {
    const dense = { ...row, model: "dense net" };
    assert.deepEqual(resultRows(notebookWith(row, dense), lesson1), [
      row,
      dense,
    ]);
  });

  test("are required, and the error names the notebook", () => {
    const file = notebookWith();
    assert.throws(
      () => resultRows(file, lesson1),
      errorWith("ERR_FILE_FORMAT", file, "at least one", "received none"),
    );
  });

  test("are rejected for another lesson or mode", () => {
    for (const wrong of [{ lesson: 2 }, { mode: "full" }] as const) {
      const other = { ...row, ...wrong };
      assert.throws(
        () => resultRows(notebookWith(row, other), lesson1),
        errorWith(
          "ERR_FILE_FORMAT",
          "lesson 1 in quick mode",
          `received lesson ${other.lesson} in ${other.mode} mode`,
        ),
      );
    }
  });

  test("are checked for missing, invalid and unknown fields", () => {
    for (const field of Object.keys(row) as (keyof ResultRow)[]) {
      const rest: Partial<ResultRow> = { ...row };
      delete (rest as Record<string, unknown>)[field];
      assert.throws(
        () => resultRows(notebookWith(rest), lesson1),
        errorWith("ERR_INVALID_VALUE", `"${field}"`),
        `without ${field}`,
      );
    }
    assert.throws(
      () => resultRows(notebookWith({ ...row, note: 1 }), lesson1),
      errorWith("ERR_UNKNOWN_NAME", 'received "note"'),
    );
    assert.throws(
      () => resultRows(notebookWith({ ...row, testAccuracy: 70.3 }), lesson1),
      errorWith(
        "ERR_INVALID_VALUE",
        '"testAccuracy"',
        "0 to 1",
        "received 70.3",
      ),
    );
    assert.throws(
      () => resultRows(notebookWith([row]), lesson1),
      errorWith("ERR_INVALID_TYPE", "an object"),
    );
  });
});

describe("results.json", () => {
  test("contains the list of rows, and is replaced atomically", () => {
    const out = path.join(folder, "new", "out");
    const file = path.join(out, "results.json");
    writeResults(file, [row, row]);
    writeResults(file, [row]);
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), [row]);
    assert.deepEqual(readdirSync(out), ["results.json"]);
  });

  test("leaves no partial file if writing fails", () => {
    const out = path.join(folder, "occupied");
    mkdirSync(path.join(out, "results.json"), { recursive: true });
    writeFileSync(path.join(out, "results.json", "kept"), "");
    assert.throws(() => writeResults(path.join(out, "results.json"), [row]));
    assert.deepEqual(readdirSync(out), ["results.json"]);
    assert.deepEqual(readdirSync(path.join(out, "results.json")), ["kept"]);
  });
});

describe("the table of results", () => {
  test("has a line per row with the source's results, or a dash", () => {
    const lines = resultsTable([
      row,
      {
        ...row,
        model: "dense net",
        testLoss: 1,
        sourceLoss: null,
        sourceAccuracy: null,
        provenance: "unverified",
        secondsPerEpoch: 12,
      },
    ]).split("\n");
    assert.deepEqual(lines, [
      "lesson  model      parameters  epochs    loss  source's  difference  accuracy  source's  difference  per epoch  source's  images",
      "──────  ─────────  ──────────  ──────  ──────  ────────  ──────────  ────────  ────────  ──────────  ─────────  ────────  ──────────",
      "     1  CNN           122,570       3  1.2500    0.9265  –             0.5625    0.7030  –            4.6 s        5.5 s  synthetic",
      "     1  dense net     122,570       3  1.0000         –  –             0.5625         –  –           12.0 s            –  unverified",
    ]);
  });

  test("shows differences from the source only for full runs on the real data set", () => {
    const full = { ...row, mode: "full", provenance: "unverified" } as const;
    const differences = (changed: Partial<ResultRow>) =>
      resultsTable([{ ...full, ...changed }])
        .split("\n")
        .at(-1)!
        .split(/ {2,}/)
        .filter((cell) => /^[+−]/.test(cell));
    assert.deepEqual(differences({}), ["+0.3235", "−0.1405"]);
    assert.deepEqual(differences({ provenance: "original" }), [
      "+0.3235",
      "−0.1405",
    ]);
    assert.deepEqual(differences({ provenance: "synthetic" }), []);
    assert.deepEqual(differences({ mode: "quick" }), []);
    const own = { sourceLoss: null, sourceAccuracy: null };
    assert.deepEqual(differences(own), []);
  });

  test("names full runs that differ by more than 0.03 from their source's accuracy", () => {
    const full = { ...row, mode: "full", provenance: "original" } as const;
    const named = (testAccuracy: number) =>
      resultNotes([{ ...full, testAccuracy }]).remarks.join("\n");
    assert.match(
      named(0.6729),
      /^More than 0\.03 from the source's accuracy: lesson 1, CNN\./m,
    );
    assert.match(named(0.7331), /More than/);
    for (const near of [0.673, 0.703, 0.733]) {
      assert.doesNotMatch(named(near), /More than/);
    }
  });

  test("shows the results of an unknown source without its time per epoch", () => {
    const line = (changed: Partial<ResultRow>) =>
      resultsTable([{ ...row, ...changed }])
        .split("\n")
        .at(-1)!;
    assert.match(line({}), / 4\.6 s +5\.5 s +synthetic$/);
    assert.match(line({ lesson: 7 }), / 0\.7030 .* 4\.6 s +– +synthetic$/);
  });

  test("warns about synthetic images, with instructions", () => {
    const { warning, remarks } = resultNotes([row]);
    assert.match(
      warning[0]!,
      /^SYNTHETIC IMAGES: lesson 1 ran on synthetic images/,
    );
    assert.equal(warning.at(-1), "CONVNOTES_DATA=folder npm start");
    for (const line of warning) assert.ok(line.length < 110, line);
    assert.deepEqual(remarks, [
      "Quick mode: lesson 1 trained on 5,000 images; the source's results are of a full run (--mode full).",
    ]);
  });

  test("mentions other images without a warning", () => {
    const full = {
      ...row,
      mode: "full",
      trainSamples: 50000,
      testAccuracy: 0.7,
    } as const;
    assert.deepEqual(
      resultNotes([
        { ...full, provenance: "unverified" },
        { ...full, provenance: "unverified", model: "dense net" },
        { ...full, provenance: "original", lesson: 4 },
      ]),
      {
        warning: [],
        remarks: [
          "Unverified images: lesson 1 ran on files that were not checked against the publisher's.",
          "Original images: lesson 4 ran on the publisher's files.",
        ],
      },
    );
  });

  test("states that a lesson ran on synthetic images in part", () => {
    const { warning, remarks } = resultNotes([
      { ...row, lesson: 3 },
      { ...row, lesson: 3, provenance: "original" },
      { ...row, lesson: 4 },
    ]);
    assert.match(warning[0]!, /: lessons 3 \(in part\) and 4 ran on/);
    assert.match(
      remarks.join("\n"),
      /^Original images: lesson 3 \(in part\) ran/m,
    );
  });

  test("combines several lessons on synthetic images in one warning", () => {
    const { warning, remarks } = resultNotes([
      row,
      { ...row, lesson: 3 },
      { ...row, lesson: 4, trainSamples: 800 },
    ]);
    assert.match(warning[0]!, /: lessons 1, 3 and 4 ran on/);
    assert.match(remarks.join(), /trained on 800 to 5,000 images/);
  });
});
