/**
 * The gallery of networks: its form, and a quick run, whose counts are exact.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { readNotebook, sourceOf } from "../../scripts/handouts/notebook";
import { folderInProject, noKernel, root } from "../lessons/notebook-file";
import { assertQuiet, Executed, executeQuick } from "./executed-notebook";
import { assertFitsPage, assertMetadata } from "./form";

const file = path.join(root, "notebooks", "gallery.ipynb");
const notebook = readNotebook(file);

test("has a title, authors, and the parameters of all lessons", () => {
  assertMetadata(notebook, /^Four networks on CIFAR-10$/);
});

test("cells have ids of their own; outputs that depend on the machine are marked", () => {
  const ids = notebook.cells.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every((id) => /^gallery-[a-z-]+$/.test(id)));
  for (const cell of notebook.cells) {
    const source = sourceOf(cell);
    if (!/^const \w+ = await trainNetwork|seconds/im.test(source)) continue;
    if (cell.cell_type !== "code") continue;
    assert.deepEqual(cell.metadata.tags, ["nbval-ignore-output"], cell.id);
  }
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

  const names = ["LeNet-5", "Inception", "ResNet-20", "SE-ResNet-20"];
  /** The rows of a table that begin with a network's name. */
  const rows = (id: string) =>
    executed
      .text(`#gallery-${id}`)
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/))
      .filter(([name]) => names.includes(name!));

  test("is quiet", () => assertQuiet(executed));

  test("counts are exact", () => {
    assert.deepEqual(rows("counts"), [
      ["LeNet-5", "9", "5", "199,943", "199,943", "1,635,026"],
      ["Inception", "39", "10", "219,612", "219,612", "30,621,644"],
      ["ResNet-20", "73", "20", "274,042", "272,474", "41,013,888"],
      ["SE-ResNet-20", "118", "38", "276,415", "274,847", "41,015,904"],
    ]);
  });

  test("training, validation and test images are separate", () => {
    const text = executed.text("#gallery-tensors");
    assert.match(text, /^training +540 +32 +32 +3$/m);
    assert.match(text, /^validation +60 +32 +32 +3$/m);
    assert.match(text, /^test +200 +32 +32 +3$/m);
  });

  test("each table has a row for each network", () => {
    for (const id of ["gap", "results", "uncertainty", "time"]) {
      const found = rows(id);
      assert.deepEqual(
        found.map(([name]) => name),
        names,
        id,
      );
      for (const [, ...values] of found) {
        const numbers = values.map((value) => Number(value.replace(/,/g, "")));
        assert.ok(numbers.every(Number.isFinite), `${id}: ${values}`);
      }
    }
  });

  test("results repeat the counts", () => {
    assert.deepEqual(
      rows("results").map((row) => row.slice(-2)),
      rows("counts").map((row) => [row[3], row[5]]),
    );
  });

  test("the curves have a point for each epoch", () => {
    const [text, ...others] = executed.texts("#gallery-curves");
    assert.deepEqual(others, []);
    for (const name of names) {
      assert.match(text!, new RegExp(`^${name}: 2 points`, "m"));
    }
  });
});
