/**
 * The notebook of techniques against overfitting: its form, a quick run, and the stored full run.
 *
 * The quick run takes about a minute on two quiet cores.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { readNotebook } from "../../scripts/handouts/notebook";
import { folderInProject, noKernel, root } from "../lessons/notebook-file";
import { assertQuiet, Executed, executeQuick } from "./executed-notebook";
import { assertFitsPage, assertMetadata } from "./form";

const file = path.join(root, "notebooks", "techniques.ipynb");
const notebook = readNotebook(file);

const techniques = [
  "plain",
  "less capacity",
  "L2",
  "dropout",
  "early stopping",
  "augmentation",
  "all together",
];

/** The cells of a table's rows whose first cell is a technique. */
function rows(executed: Executed, id: string): string[][] {
  return executed
    .text(`#techniques-${id}`)
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/))
    .filter(([name]) => techniques.includes(name!));
}

test("has a title, authors, and the parameters of all lessons", () => {
  assertMetadata(notebook, /^Techniques against overfitting$/);
});

test("code fits on a page", () => assertFitsPage(notebook));

describe("a quick run", { skip: noKernel }, () => {
  const { folder: out, remove } = folderInProject();
  let executed: Executed;
  before(async () => {
    const end = await executeQuick(file, out);
    assert.ok(end.kind === "finished", JSON.stringify(end));
    executed = new Executed(end.notebook);
  });
  after(remove);

  test("is quiet", () => assertQuiet(executed));

  test("the networks have the sizes of lesson 0's second, and of its half", () => {
    assert.match(executed.text("#techniques-sizes"), /second +1,512,074/);
    assert.match(executed.text("#techniques-sizes"), /wide +378,698/);
  });

  test("every technique has a row, and all but the first an effect", () => {
    const tabled = rows(executed, "table");
    assert.deepEqual(
      tabled.map(([name]) => name),
      techniques,
    );
    assert.deepEqual(
      rows(executed, "effect").map(([name]) => name),
      techniques.slice(1),
    );
  });

  test("augmented images are shown", () => {
    assert.equal(executed.figures("#techniques-augmented").length, 1);
    const drawn = executed.figures("#techniques-augmented-images");
    assert.equal(drawn.length, 3);
    assert.equal(new Set(drawn).size, 3);
  });
});

describe("the stored full run", () => {
  const stored = new Executed(file);
  const isRun = notebook.cells.some(
    ({ outputs }) => (outputs ?? []).length > 0,
  );

  test(
    "the plain network's validation loss has turned upwards",
    {
      skip: isRun ? false : "the full run is not stored yet",
    },
    () => {
      const [plain] = rows(stored, "table");
      const [, best, smallest, last] = plain!;
      for (const epoch of best!.split(", "))
        assert.ok(Number(epoch) < 30, epoch);
      assert.ok(parseFloat(last!) > 1.1 * parseFloat(smallest!), plain!.join());
    },
  );
});
