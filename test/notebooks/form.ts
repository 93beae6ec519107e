/**
 * Asserts what all notebooks of the edition have in common.
 */
import assert from "node:assert/strict";
import { sourceOf, type Notebook } from "../../scripts/handouts/notebook";

const parameters = [
  "mode",
  "seed",
  "epochs",
  "batchSize",
  "trainSamples",
  "testSamples",
];

/** Asserts that a notebook has a title, authors and one cell with the parameters of all lessons. */
export function assertMetadata(
  { cells, metadata }: Notebook,
  title: RegExp,
): void {
  assert.match(String(metadata["title"]), title);
  assert.ok(Array.isArray(metadata["authors"]));
  const tagged = cells.filter((cell) =>
    cell.metadata.tags?.includes("parameters"),
  );
  assert.equal(tagged.length, 1);
  const declared = [...sourceOf(tagged[0]!).matchAll(/^const (\w+)/gm)];
  assert.deepEqual(
    declared.map(([, name]) => name),
    parameters,
  );
}

/** Asserts that no cell of code is too long or too wide for a page. */
export function assertFitsPage({ cells }: Notebook): void {
  for (const cell of cells) {
    if (cell.cell_type !== "code") continue;
    const lines = sourceOf(cell).split("\n");
    assert.ok(lines.length <= 15, cell.id);
    assert.ok(Math.max(...lines.map(({ length }) => length)) <= 114, cell.id);
  }
}
