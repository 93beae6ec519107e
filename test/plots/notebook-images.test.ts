/**
 * Adding images to the figures of a notebook file.
 */
import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { addFigureImages, tf } from "../../src";
import { jupyterDisplay } from "../../src/notebook/mime";
import { figure, plotlyMimeType } from "../../src/plots/figure";
import { errorWith } from "../error-with";
import { noBrowser } from "../jupyterlab/browser";
import {
  code,
  temporaryFolder,
  writeNotebook,
  type CellOutput,
} from "../lessons/notebook-file";

const plot = figure(
  [{ type: "bar", x: ["a"], y: [1] }],
  { width: 320, height: 240 },
  { dataset: null, text: "one bar\nof height 1" },
);

/** The part of a notebook that the tests read. */
interface Stored {
  readonly cells: readonly {
    readonly outputs: readonly {
      readonly data: Readonly<Record<string, unknown>>;
      readonly metadata?: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

function output(data: object, metadata: object = {}): CellOutput {
  return { output_type: "display_data", data, metadata };
}

describe("addFigureImages", () => {
  let folder: string;
  let remove: () => void;
  before(() => ({ folder, remove } = temporaryFolder()));
  after(() => remove());

  const read = (file: string): Stored =>
    JSON.parse(readFileSync(file, "utf8")) as Stored;

  test(
    "adds a PNG with the figure's size and text, and changes nothing else",
    { skip: noBrowser },
    async () => {
      const file = path.join(folder, "figures.ipynb");
      const others = [
        output({ "text/plain": "2" }),
        output({ [plotlyMimeType]: {}, "image/png": "c3RvcmVk" }),
        output({ [plotlyMimeType]: null, "text/plain": "?" }),
      ];
      const bundle = {
        ...plot[jupyterDisplay](),
        // As Jupyter stores lines.
        "text/plain": ["one bar\n", "of height 1"],
      };
      writeNotebook(file, [
        code("plot", [output(bundle, { kept: true }), ...others]),
        code("1;", []),
      ]);
      const before = read(file);
      chmodSync(file, 0o640);
      const link = path.join(folder, "link.ipynb");
      symlinkSync(file, link);
      assert.deepEqual(await addFigureImages(link), { added: 1, failed: 1 });
      assert.ok(lstatSync(link).isSymbolicLink());
      assert.equal(statSync(file).mode & 0o777, 0o640);
      const [first, ...rest] = read(file).cells[0]!.outputs;
      const { "image/png": png, ...data } = first!.data;
      const pixels = tf.node.decodePng(Buffer.from(String(png), "base64"), 3);
      assert.deepEqual(pixels.shape, [480, 640, 3]);
      assert.deepEqual(data, bundle);
      assert.deepEqual(first!.metadata, {
        kept: true,
        "image/png": { width: 320, height: 240, alt: "one bar\nof height 1" },
      });
      assert.deepEqual(rest, others);
      assert.deepEqual(read(file).cells[1], before.cells[1]);

      const text = readFileSync(file, "utf8");
      assert.deepEqual(await addFigureImages(file), { added: 0, failed: 1 });
      assert.equal(readFileSync(file, "utf8"), text);
    },
  );

  test("needs no browser for a notebook without figures", async () => {
    const file = path.join(folder, "text.ipynb");
    writeNotebook(file, [code("2;", [output({ "text/plain": "2" })])]);
    assert.deepEqual(await addFigureImages(file), { added: 0, failed: 0 });
  });

  test("rejects other files, and leaves them as they are", async () => {
    for (const text of ["{", "null", '{"nbformat":3,"worksheets":[]}', "[]"]) {
      const file = path.join(folder, "other.ipynb");
      writeFileSync(file, text);
      await assert.rejects(
        () => addFigureImages(file),
        errorWith("ERR_FILE_FORMAT", "notebook of nbformat 4", file),
      );
      assert.equal(readFileSync(file, "utf8"), text);
    }
    await assert.rejects(() => addFigureImages(path.join(folder, "none")), {
      code: "ENOENT",
    });
  });
});
