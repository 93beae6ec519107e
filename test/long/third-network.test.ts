/**
 * Checks lesson 0's explanation of its third network's failure in Keras: there, too, most units of
 * the dense layer die in the first steps, and the results resemble the source's.
 *
 * Runs on the real images only, two epochs for each seed.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { entryOf } from "../../src/data/catalog/catalog";
import { findFiles } from "../../src/data/find-files";
import { load } from "../../src/data/load";
import { runKeras } from "../oracles/python";

interface Row {
  readonly seed: number;
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly live: number;
}

// As in the library: on some processors TensorFlow disables oneDNN's convolutions by default and
// takes four times as long.
process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "1";

const folder = mkdtempSync(path.join(tmpdir(), "convnotes-third-network-"));
after(() => rmSync(folder, { recursive: true }));

test("in Keras most units die as well, for any seed", async (context) => {
  if ((await findFiles(entryOf("cifar-10"))) === undefined) {
    context.skip("needs CIFAR-10 in the folder that CONVNOTES_DATA names");
    return;
  }
  const cifar = await load("cifar-10");
  for (const [name, { images, labels }] of Object.entries({
    train: cifar.train,
    test: cifar.test,
  })) {
    writeFileSync(path.join(folder, `${name}-images`), images.data);
    writeFileSync(path.join(folder, `${name}-labels`), labels.data);
  }
  const rows = await runKeras<readonly Row[]>(
    context,
    `
import sys
sys.path.insert(0, given["scripts"])
import third_network
result = [row for seed in given["seeds"] for row in third_network.train(given["folder"], seed, 2)]
`,
    { folder, seeds: [1, 2], scripts: __dirname },
  );
  if (rows === undefined) return;
  for (const row of rows) context.diagnostic(JSON.stringify(row));
  assert.equal(rows.length, 4);
  for (const { live, accuracy, loss } of rows) {
    assert.ok(live > 0 && live <= 16, `${live} of 64 units live`);
    assert.ok(accuracy > 0.1 && accuracy < 0.45);
    assert.ok(loss > 1.6 && loss < 2.6);
  }
});
