/**
 * A mosaic as a figure: its pixels are squares, its words stay words, and a small one still has room for its caption.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NdArray } from "../../src/data/nd-array";
import { tf } from "../../src/engine/tensorflow";
import { imageGrid } from "../../src/plots/image-grid";
import { filledUp, mosaic, toPngUri } from "../../src/plots/mosaic";
import { margin, note, pictureFigure } from "../../src/plots/picture-figure";

const layout = { rows: 1, columns: 2, columnGap: 1, rowGap: 2 };
const images = new NdArray(
  Uint8Array.from({ length: 2 * 2 * 3 }, (_, index) => index * 20),
  [2, 2, 3],
);

describe("pictureFigure", () => {
  const picture = mosaic(images, layout);

  test("draws every pixel as a square of whole screen pixels, with room at the left as told", async () => {
    const drawn = await pictureFigure(picture, 5, [], 40, { dataset: null });
    const { width, height, margin: around, xaxis, yaxis } = drawn.layout;
    // Two pictures of 3 by 2, a column between them and two rows below.
    assert.equal(width! - around!.l! - around!.r!, 5 * (3 + 1 + 3));
    assert.equal(height! - around!.t! - around!.b!, 5 * (2 + 2));
    assert.equal(around!.l, 40);
    assert.equal(around!.r, margin);
    assert.deepEqual(xaxis!.range, [-0.5, 6.5]);
    assert.deepEqual(yaxis!.range, [3.5, -0.5]);
    assert.equal(drawn.config.staticPlot, true);
  });

  test("a note's words are not read as tags, and keep the place they are given", () => {
    const { text, x, y, showarrow } = note("a < b", { x: 3, y: 4 });
    assert.deepEqual([text, x, y, showarrow], ["a &lt; b", 3, 4, false]);
  });

  test("a single picture is widened until its caption fits, and keeps its own size", async () => {
    const one = new NdArray(new Uint8Array(32 * 32 * 3), [1, 32, 32, 3]);
    const figure = await imageGrid(
      one,
      new NdArray(Uint8Array.of(0), [1, 1]),
      ["airplane"],
      {
        dataset: { title: "CIFAR-10", provenance: "synthetic" },
        rows: 1,
        columns: 1,
        caption: "A long sentence on what is to be seen in this picture",
      },
    );
    const { width, margin: around } = figure.layout;
    // Letters of 11 pixels are about half as wide as high.
    assert.ok(width! - around!.l! >= figure.caption.length * 5.5);
    assert.equal(width! - around!.l! - around!.r!, 3 * 32);
  });
});

describe("filledUp", () => {
  test("adds white pictures behind those there are", () => {
    const filled = filledUp(images, 4);
    assert.deepEqual(filled.shape, [4, 2, 3]);
    assert.deepEqual(
      [...filled.data],
      [...images.data, ...new Array<number>(12).fill(255)],
    );
    assert.deepEqual(filledUp(images, 2).data, images.data);
  });

  test("refuses too many pictures, and none", () => {
    assert.throws(() => filledUp(images, 1), {
      name: "RangeError",
      message: "Expected from 1 to 1 pictures to fill up, received 2",
    });
    assert.throws(() => filledUp(new NdArray(new Uint8Array(0), [0, 2]), 3), {
      message: "Expected from 1 to 3 pictures to fill up, received 0",
    });
  });
});

describe("mosaic's gaps and file", () => {
  test("gaps are whole numbers of pixels", () => {
    for (const [name, value] of [
      ["columnGap", -1],
      ["rowGap", 0.5],
    ] as const) {
      assert.throws(() => mosaic(images, { ...layout, [name]: value }), {
        name: "RangeError",
        message: `Expected \`${name}\` to be a whole number from 0, received ${value}`,
      });
    }
  });

  test("the PNG has every pixel, and no tensor stays behind", async () => {
    const picture = mosaic(images, layout);
    const before = tf.memory().numTensors;
    const uri = await toPngUri(picture);
    assert.equal(tf.memory().numTensors, before);
    const image = tf.node.decodePng(Buffer.from(uri.split(",")[1]!, "base64"));
    assert.deepEqual(image.shape, [4, 7, 3]);
    assert.deepEqual(Uint8Array.from(image.dataSync()), picture.pixels);
    image.dispose();
  });
});
